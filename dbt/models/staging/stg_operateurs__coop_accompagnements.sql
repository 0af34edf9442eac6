with lignes as (
    select
        _millesime as livraison,
        split_part(_millesime, '_', 1) as operateur,
        split_part(_millesime, '_', 2) as exporte_le,
        id_cra,
        left(date, 10) as jour,
        coalesce(try_cast(nullif(split_part(participant, '/', 1), '') as integer), 1) as rang,
        coalesce(try_cast(nullif(split_part(participant, '/', 2), '') as integer), 1)
            as participants,
        type_activite,
        canal,
        lieu,
        adresse_lieu,
        commune_lieu,
        code_commune_lieu,
        duree_min,
        string_split(thematiques, chr(10)) as thematiques,
        reoriente,
        code_commune_residence,
        genre,
        tranche_age,
        _load_id as load_id,
        _row_number as ligne
    from {{ source('raw', 'operateurs__coop_accompagnements') }}
),

-- Deux exports se recouvrent : le dernier état de chaque compte rendu compte, d'un seul tenant.
dernier_etat as (
    select
        operateur,
        id_cra,
        max(exporte_le) as exporte_le
    from lignes
    group by operateur, id_cra
)

select lignes.*
from lignes
inner join dernier_etat
    on
        lignes.operateur = dernier_etat.operateur
        and lignes.id_cra = dernier_etat.id_cra
        and lignes.exporte_le = dernier_etat.exporte_le
