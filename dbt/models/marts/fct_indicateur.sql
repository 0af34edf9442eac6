{%- set serie = 'valeurs.code_indicateur, valeurs.code_territoire, valeurs.zonage' -%}
with suivies as (
    select
        valeurs.*,
        catalogue.unite,
        catalogue.additivite,
        catalogue.recul_comparaison_ans,
        territoires.quartier_id,
        lag(valeurs.valeur) over serie as valeur_avant,
        lag(valeurs.origine) over serie as origine_avant,
        lag(valeurs.statut) over serie as statut_avant,
        lag(valeurs.annee_fin) over serie as annee_avant,
        lag(cast(valeurs.millesime_denominateur as integer)) over serie as denominateur_avant,
        -- Le quartier avait déjà des valeurs, dans un autre zonage que celui-ci.
        min(valeurs.annee_fin) over serie > min(valeurs.annee_fin) over quartier as autre_zonage
    from {{ ref('int_indicateurs__compares') }} as valeurs
    inner join {{ ref('catalogue_indicateurs') }} as catalogue
        on valeurs.code_indicateur = catalogue.code_indicateur
    left join {{ ref('territoires') }} as territoires
        on
            valeurs.code_territoire = territoires.code_territoire
            and valeurs.zonage = territoires.zonage
    window
        serie as (partition by {{ serie }} order by valeurs.annee_fin),
        quartier as (
            partition by
                valeurs.code_indicateur,
                coalesce(
                    territoires.quartier_id, valeurs.zonage || valeurs.code_territoire
                )
        )
),

-- Ce qui sépare une valeur de celle d'avant, au point que l'on ne les compare pas.
ruptures as (
    select
        *,
        case
            when annee_avant is null and autre_zonage then 'zonage_2024'
            when annee_avant is null then 'premiere_periode'
            when valeur is null or valeur_avant is null then 'valeur_absente'
            when origine = 'cite' or origine_avant = 'cite' then 'chiffre_cite'
            -- Un minimum peut cacher une hausse comme une baisse.
            when 'borne_basse' in (statut, statut_avant) then 'minimum'
            -- Une estimation ne montre aucun progrès local : deux d'entre elles ne se suivent pas.
            when 'estime' in (origine, origine_avant) then 'methode'
            -- Une mesure peut avoir changé plusieurs fois avant la dernière.
            when annee_avant < comparable_depuis then 'definition'
            when annee_fin - annee_avant < recul_comparaison_ans then 'recul_insuffisant'
            when (statut = 'estime') <> (statut_avant = 'estime') then 'methode'
            -- Un dénominateur de la même année, ou du même retard sur le numérateur.
            when
                cast(millesime_denominateur as integer) <> denominateur_avant
                and annee_fin - cast(millesime_denominateur as integer)
                <> annee_avant - denominateur_avant
                then 'denominateur'
        end as rupture
    from suivies
)

select
    code_indicateur,
    code_territoire,
    zonage,
    periode,
    numerateur,
    denominateur,
    valeur,
    unite,
    borne_basse,
    borne_haute,
    statut,
    motif,
    origine,
    methode,
    qualite,
    avertissement,
    -- Arrondis au millionième : la différence de deux décimaux exacts n'est pas exacte en binaire.
    case when unite = '%' then round(valeur - valeur_epci, 6) end as ecart_epci,
    -- Un nombre ne se rapporte pas à celui d'un territoire dont il fait partie.
    case
        when additivite = 'non_additif' and unite <> 'personnes'
            then round(valeur / nullif(valeur_epci, 0), 6)
    end as ratio_epci,
    valeur_epci,
    periode_epci,
    millesimes_differents,
    millesime_numerateur,
    millesime_denominateur,
    millesime_numerateur <> millesime_denominateur as annees_differentes,
    geographie,
    coalesce(provisoire, false) as provisoire,
    rupture is null as comparable,
    rupture,
    coalesce(converti, false) as converti,
    load_ids
from ruptures
