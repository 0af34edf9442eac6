-- Ce que les contrats disent de chaque mesure, édition par édition.
select
    mesures.dataset,
    mesures.millesime as edition,
    mesures.mesure,
    mesures.libelle,
    mesures.unite,
    mesures.annee,
    mesures.annee_deduite,
    mesures.geographie,
    mesures.provisoire,
    mesures.additive,
    mesures.comparable_depuis,
    mesures.arrondi_a,
    datasets.titre as titre_dataset,
    datasets.producteur,
    datasets.niveau,
    datasets.zonage,
    datasets.licence,
    datasets.citation,
    datasets.page as page_officielle
from {{ source('audit', 'mesures') }} as mesures
inner join {{ source('audit', 'datasets') }} as datasets
    on mesures.dataset = datasets.dataset
