-- Soixante indicateurs au socle, et aucun dont on ne sache d'où il vient ou ce qui manque.
select
    'socle' as defaut,
    cast(count(*) as varchar) as detail
from {{ ref('catalogue_indicateurs') }}
where socle
having count(*) <> 60
union all
select
    'sans mesure, et sans dire ce qui peut manquer' as defaut,
    code_indicateur as detail
from {{ ref('catalogue_indicateurs') }}
where mesure_numerateur is null and motif_non_disponible is null
union all
select
    'une mesure et un motif' as defaut,
    code_indicateur as detail
from {{ ref('catalogue_indicateurs') }}
where mesure_numerateur is not null and (motif_non_disponible is not null or modele is not null)
union all
select
    'famille autre que celle du code' as defaut,
    code_indicateur as detail
from {{ ref('catalogue_indicateurs') }}
where famille <> split_part(code_indicateur, '_', 1)
