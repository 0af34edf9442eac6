-- Two spellings that read the same once normalised must name the same territory.
with alias_normalises as (
    select
        code_territoire,
        trim(
            regexp_replace(lower(strip_accents(alias)), '[^a-z0-9]+', ' ', 'g')
        ) as alias_normalise
    from {{ ref('alias_territoires') }}
)

select
    alias_normalise,
    count(distinct code_territoire) as nb_territoires
from alias_normalises
group by alias_normalise
having count(distinct code_territoire) > 1 or alias_normalise = ''
