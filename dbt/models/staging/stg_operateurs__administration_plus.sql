with lignes as (
    select
        _millesime as livraison,
        split_part(_millesime, '_', 1) as operateur,
        left(split_part(_millesime, '_', 2), 10) as exporte_le,
        split_part(_millesime, '_', 2) as exporte_a,
        id_demande,
        etat,
        try_cast(left(cree_le, 10) as date) as cree_le_ecrit,
        try_cast(left(clos_le, 10) as date) as clos_le_ecrit,
        groupes_demandeur,
        list_transform(string_split(groupes_invites, ','), lambda g: trim(g)) as groupes_invites,
        territoire,
        pertinente,
        nullif(utile, '?') as utile,
        delai_reponse_h,
        delai_cloture_h,
        _load_id as load_id,
        _row_number as ligne
    from {{ source('raw', 'operateurs__administration_plus') }}
),

datees as (
    select
        * exclude (cree_le_ecrit, clos_le_ecrit),
        {{ jour_de_semaine_iso('cree_le_ecrit', 'exporte_le') }} as cree_le,
        {{ jour_de_semaine_iso('clos_le_ecrit', 'exporte_le') }} as clos_le,
        coalesce({{ jour_de_semaine_iso('cree_le_ecrit', 'exporte_le') }} <> cree_le_ecrit, false)
        or coalesce(
            {{ jour_de_semaine_iso('clos_le_ecrit', 'exporte_le') }} <> clos_le_ecrit, false
        ) as date_corrigee
    from lignes
)

-- Deux exports se recouvrent : le dernier état de chaque demande compte.
select *
from datees
qualify row_number() over (
    partition by operateur, id_demande order by exporte_a desc, load_id desc, ligne asc
) = 1
