-- Ce que le rapport affirme de son tableau, éprouvé sur les chiffres de ce tableau, quartier par
-- quartier.
with eprouvees as (
    select
        affirmations.code_affirmation,
        affirmations.page,
        affirmations.texte_imprime,
        affirmations.code_indicateur,
        quartiers.code_territoire,
        quartiers.zonage,
        quartiers.periode,
        quartiers.valeur,
        epci.valeur as valeur_epci,
        epci.periode as periode_epci,
        affirmations.grandeur,
        -- Arrondi au millionième : une différence de décimaux n'est pas exacte en binaire.
        if(
            affirmations.grandeur = 'ecart',
            round(quartiers.valeur - epci.valeur, 6),
            round(quartiers.valeur / nullif(epci.valeur, 0), 6)
        ) as mesure_affirmee,
        affirmations.borne_basse,
        affirmations.borne_haute,
        affirmations.bornes_comprises,
        affirmations.decimales,
        affirmations.remarque
    from {{ ref('affirmations_rapport') }} as affirmations
    inner join {{ ref('chiffres_rapport') }} as quartiers
        on
            affirmations.code_indicateur = quartiers.code_indicateur
            and quartiers.zonage <> 'EPCI'
            and quartiers.valeur is not null
    inner join {{ ref('chiffres_rapport') }} as epci
        on
            affirmations.code_indicateur = epci.code_indicateur
            and epci.zonage = 'EPCI'
            and epci.valeur is not null
),

jugees as (
    select
        *,
        coalesce(round(mesure_affirmee, decimales), mesure_affirmee) as mesure_eprouvee,
        if(
            bornes_comprises,
            coalesce(round(mesure_affirmee, decimales), mesure_affirmee)
            between borne_basse and borne_haute,
            mesure_affirmee > borne_basse and mesure_affirmee < borne_haute
        ) as tient
    from eprouvees
)

select
    jugees.code_affirmation,
    jugees.page,
    jugees.texte_imprime,
    jugees.code_indicateur,
    jugees.code_territoire,
    jugees.zonage,
    territoires.nom,
    jugees.periode,
    jugees.valeur,
    jugees.valeur_epci,
    jugees.periode_epci,
    jugees.periode <> jugees.periode_epci as millesimes_differents,
    jugees.grandeur,
    jugees.mesure_affirmee,
    jugees.mesure_eprouvee,
    jugees.borne_basse,
    jugees.borne_haute,
    jugees.tient,
    count(*) over affirmation as nb_quartiers,
    count(*) filter (where jugees.tient) over affirmation as nb_quartiers_tient,
    case
        when bool_and(jugees.tient) over affirmation then 'tient'
        when bool_or(jugees.tient) over affirmation then 'tient_en_partie'
        else 'ne_tient_pas'
    end as verdict,
    jugees.remarque
from jugees
inner join {{ ref('territoires') }} as territoires
    on
        jugees.code_territoire = territoires.code_territoire
        and jugees.zonage = territoires.zonage
window affirmation as (partition by jugees.code_affirmation)
