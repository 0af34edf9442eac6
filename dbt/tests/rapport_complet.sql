-- The report is transcribed whole: 9 rows x 4 indicators, 8 quartiers x 8 types.
with comptes as (
    select
        'chiffres_rapport' as graine,
        count(*) as nb_lignes,
        36 as nb_attendu
    from {{ ref('chiffres_rapport') }}
    union all
    select
        'offre_rapport' as graine,
        count(*) as nb_lignes,
        64 as nb_attendu
    from {{ ref('offre_rapport') }}
)

select
    graine,
    nb_lignes,
    nb_attendu
from comptes
where nb_lignes != nb_attendu
