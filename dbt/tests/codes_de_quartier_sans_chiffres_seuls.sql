-- Une jointure par les chiffres doit être impossible : aucun code de quartier n'est fait de
-- chiffres seuls, et aucun ne sert à deux générations.
select
    code_territoire,
    count(distinct zonage) as nb_zonages
from {{ ref('dim_territoire') }}
where niveau = 'quartier'
group by code_territoire
having
    count(distinct zonage) > 1
    or not regexp_full_match(code_territoire, '[A-Z]{2,3}[0-9]{5}[0-9A-Z]')
