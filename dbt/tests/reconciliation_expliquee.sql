-- Avertissement seulement : une révision du producteur ne doit pas arrêter la publication.
{{ config(severity='warn') }}

select *
from {{ ref('mart_reconciliation') }}
where verdict = 'a_expliquer'
