-- Les bénéficiaires d'une prestation, par territoire et par an. La dernière édition fait foi ; les
-- années d'avant la dernière rupture de série n'y sont pas.
with prestations (prestation, mesure) as (
    values ('rsa', 'foyers_rsa_socle')
)

select
    prestations.prestation,
    mesures.code_territoire,
    mesures.zonage,
    mesures.annee as periode,
    mesures.dataset,
    mesures.millesime as edition,
    mesures.mesure,
    mesures.valeur as beneficiaires,
    mesures.statut
from {{ ref('int_mesures__longues') }} as mesures
inner join prestations
    on mesures.mesure = prestations.mesure
inner join {{ ref('territoires') }} as territoires
    on
        mesures.code_territoire = territoires.code_territoire
        and mesures.zonage = territoires.zonage
where cast(mesures.annee as integer) >= coalesce(mesures.comparable_depuis, 0)
qualify
    row_number() over (
        partition by
            prestations.prestation,
            mesures.code_territoire,
            mesures.zonage,
            mesures.annee
        order by mesures.millesime desc, mesures.dataset asc
    ) = 1
