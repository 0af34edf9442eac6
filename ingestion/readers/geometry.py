"""Received GeoJSON geometries become well-known binary that a database can trust."""

from __future__ import annotations

HEXADECIMAL = "([0-9A-F]{2})+"


def with_wkb(rows: str, cell: str) -> str:
    """SQL: the rows of `rows` (a table), the GeoJSON geometries of `cell` as hexadecimal WKB.

    The geometry is two-dimensional, in longitude and latitude (WGS84), not empty and valid: it is
    repaired where it was not, keeping what has its dimension. A cell that cannot be turned into
    one keeps its text, for the candidate to report. The connection has the `st_` functions.
    """
    return f"""
        select * exclude (_lue, _reparee) replace (
            case
                when not st_isempty(_reparee) then st_ashexwkb(_reparee)
                -- Digits that no one converted must not pass for a geometry.
                when regexp_full_match({cell}, '{HEXADECIMAL}') then '"' || {cell} || '"'
                else {cell}
            end as {cell}
        )
        from (
            select *, try(
                case
                    when st_xmin(_lue) < -180 or st_xmax(_lue) > 180
                        or st_ymin(_lue) < -90 or st_ymax(_lue) > 90 then null
                    when st_isvalid(_lue) then _lue
                    else st_collectionextract(st_makevalid(_lue), st_dimension(_lue) + 1)
                end
            ) as _reparee
            from (select *, try(st_force2d(st_geomfromgeojson({cell}))) as _lue from {rows})
        )
    """
