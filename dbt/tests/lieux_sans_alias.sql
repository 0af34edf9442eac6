{{ config(severity='warn') }}

-- Un lieu qui disparaît d'une liste quand un autre y apparaît au même point a sans doute changé
-- d'identifiant : il manque peut-être à la table alias_structures.
with lieux as (
    select
        lieux.dataset,
        lieux.structure_id,
        lieux.longitude,
        lieux.latitude,
        min(lieux.edition) as premiere,
        max(lieux.edition) as derniere
    from {{ ref('int_structures__lieux') }} as lieux
    semi join {{ ref('territoires') }} as communes
        on lieux.code_commune = communes.code_territoire and communes.zonage = 'COMMUNE'
    where lieux.latitude is not null
    group by all
)

select
    avant.dataset,
    avant.structure_id,
    apres.structure_id as structure_id_ensuite
from lieux as avant
inner join lieux as apres
    on
        avant.dataset = apres.dataset
        and avant.longitude = apres.longitude
        and avant.latitude = apres.latitude
        and avant.structure_id <> apres.structure_id
        and avant.derniere < apres.premiere
