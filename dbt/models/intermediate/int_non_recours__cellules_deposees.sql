-- Les cellules des envois de la CAF et des opérateurs d'où vient une estimation. Leur nombre n'est
-- donné que s'il est lui-même publié : les autres se suivent jusqu'au fichier, sans être dits.
with enquetes as (
    select
        *,
        -- La ligne de l'agglomération, où elle existe, compte toutes les réponses.
        (zonage = 'EPCI') = bool_or(zonage = 'EPCI') over (partition by enquete, periode)
            as repond
    from {{ ref('stg_operateurs__enquete_renoncement') }}
    where code_territoire is not null
),

cellules as (
    select
        'nrc_conversion' as code_indicateur,
        retours.code_territoire,
        retours.zonage,
        retours.periode,
        'caf.retours_detection' as dataset,
        retours.livraison,
        unnest(['numerateur', 'denominateur']) as role,
        unnest(['ouverts', 'contactes']) as mesure,
        retours.load_id,
        retours.ligne
    from {{ ref('int_non_recours__retours_caf') }} as retours
    union all by name
    select
        'nrc_besoin_cr' as code_indicateur,
        code_territoire,
        zonage,
        periode,
        'operateurs.recoupement' as dataset,
        livraison,
        unnest(['effectif_a', 'effectif_b', 'effectif_commun']) as role,
        unnest(['effectif_a', 'effectif_b', 'effectif_commun']) as mesure,
        load_id,
        ligne
    from {{ ref('int_non_recours__capture_recapture') }}
    where retenu
    union all by name
    select
        'rel_taux_renoncement' as code_indicateur,
        territoires.code_territoire,
        territoires.zonage,
        territoires.periode,
        'operateurs.enquete_renoncement' as dataset,
        lignes.livraison,
        unnest(['numerateur', 'denominateur', 'poids']) as role,
        unnest(['oui', 'repondants', 'population']) as mesure,
        lignes.repond,
        territoires.code_territoire = lignes.code_territoire as pese,
        lignes.load_id,
        lignes.ligne
    from {{ ref('int_non_recours__renoncement') }} as territoires
    inner join enquetes as lignes
        on
            territoires.enquete = lignes.enquete
            and territoires.periode = lignes.periode
    where territoires.retenu
)

select
    cellules.code_indicateur,
    cellules.code_territoire,
    cellules.zonage,
    cellules.periode,
    cellules.role,
    cellules.dataset,
    cellules.livraison as edition,
    cellules.mesure,
    cellules.periode as annee,
    noms.colonne_source,
    cast(null as double) as valeur,
    cellules.load_id,
    cellules.ligne
from cellules
left join {{ source('audit', 'colonnes') }} as noms
    on cellules.load_id = noms.load_id and cellules.mesure = noms.colonne
where
    cellules.code_territoire is not null
    and coalesce(if(cellules.role = 'poids', cellules.pese, cellules.repond), true)
