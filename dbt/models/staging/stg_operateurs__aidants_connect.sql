with lignes as (
    select
        _millesime as livraison,
        split_part(_millesime, '_', 1) as operateur,
        split_part(_millesime, '_', 2) as exporte_le,
        agent,
        nullif(organisation, 'None') as organisation,
        -- 1 et 0 remplacent un SIRET et un code postal inconnus.
        case when siret not in ('1', 'None') then lpad(siret, 14, '0') end as siret,
        case when code_postal not in ('0', 'None') then lpad(code_postal, 5, '0') end
            as code_postal,
        nullif(ville, 'None') as ville,
        nullif(departement, 'None') as departement,
        actif = 'True' as actif,
        mandats,
        mandats_distance,
        mandats_revoques,
        mandats_renouveles,
        demarches,
        usagers_organisation,
        _load_id as load_id,
        _row_number as ligne
    from {{ source('raw', 'operateurs__aidants_connect') }}
)

-- Les compteurs sont cumulés depuis l'habilitation : le dernier export les contient tous.
select *
from lignes
qualify exporte_le = max(exporte_le) over (partition by operateur)
