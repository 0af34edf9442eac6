-- Les nombres d'un zonage exprimés dans un autre. Une part ou une médiane n'est jamais ici.
with cellules as (
    select * from {{ ref('int_mesures__cellules') }}
    where composition = 'conversion'
)

{{ valeurs_converties('cellules', var('couverture_nombres')) }}
