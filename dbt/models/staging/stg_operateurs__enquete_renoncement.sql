with alias as (
    {{ alias_par_cle() }}
)

select
    enquete._millesime as livraison,
    enquete.enquete,
    enquete.territoire as territoire_declare,
    alias.code_territoire,
    alias.zonage,
    enquete.periode,
    enquete.classe_age,
    enquete.diplome,
    enquete.repondants,
    enquete.oui,
    enquete.population,
    enquete._load_id as load_id,
    enquete._row_number as ligne
from {{ source('raw', 'operateurs__enquete_renoncement') }} as enquete
left join alias
    on {{ cle_libelle('enquete.territoire') }} = alias.cle
-- Deux envois parlent parfois d'une même enquête : le dernier compte.
qualify
    row_number() over (
        partition by
            enquete.enquete,
            coalesce(alias.code_territoire, enquete.territoire),
            enquete.periode,
            enquete.classe_age,
            enquete.diplome
        order by right(enquete._millesime, 4) desc, enquete._load_id desc, enquete._row_number asc
    ) = 1
