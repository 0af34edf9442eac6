-- Les IRIS d'une commune, sommés. Un IRIS non diffusé n'est jamais à 0 : la somme est alors une
-- borne basse.
select
    dataset,
    millesime,
    zonage,
    code_territoire,
    mesure,
    any_value(annee) as annee,
    any_value(annee_deduite) as annee_deduite,
    sum(valeur) as valeur,
    if(count(valeur) < count(*), sum(valeur), sum(valeur_basse)) as valeur_basse,
    if(count(valeur) < count(*), null, sum(valeur_haute)) as valeur_haute,
    case
        when count(valeur) = 0 then max(statut)
        when count(valeur) < count(*) then 'borne_basse'
        -- Un seul nombre arrondi arrondit la somme.
        else min(statut)
    end as statut,
    any_value(unite) as unite,
    true as additive,
    any_value(comparable_depuis) as comparable_depuis,
    any_value(geographie) as geographie,
    any_value(provisoire) as provisoire,
    min(colonne_source) as colonne_source,
    min(load_id) as load_id,
    -- Plusieurs lignes : int_mesures__cellules les donne.
    if(count(*) = 1, min(ligne), null) as ligne,
    count(valeur) as iris_publies,
    count(*) as iris_attendus
from {{ ref('int_mesures__cellules') }}
where composition = 'somme'
group by dataset, millesime, zonage, code_territoire, mesure
