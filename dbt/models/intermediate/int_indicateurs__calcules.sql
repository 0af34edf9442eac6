-- noqa: disable=RF02,RF03
{#
  Un indicateur est une ligne du catalogue : un numérateur, un dénominateur, un facteur. Le
  dénominateur vient de la même édition du même fichier ou, si le catalogue le permet, de l'année la
  plus proche, où qu'elle soit. `num` et `den` sont des lignes entières : d'où RF02 et RF03.
#}
with mesures as (
    select toutes.*
    from {{ ref('int_mesures__toutes') }} as toutes
    inner join {{ ref('territoires') }} as territoires
        on
            toutes.code_territoire = territoires.code_territoire
            and toutes.zonage = territoires.zonage
),

couples as (
    select
        catalogue.code_indicateur,
        catalogue.mesure_numerateur,
        catalogue.mesure_denominateur,
        catalogue.facteur,
        catalogue.mesure_denominateur is not null as rapport,
        num,
        den
    from {{ ref('catalogue_indicateurs') }} as catalogue
    inner join mesures as num
        on catalogue.mesure_numerateur = num.mesure
    left join mesures as den
        on
            catalogue.mesure_denominateur = den.mesure
            and num.zonage = den.zonage
            and num.code_territoire = den.code_territoire
            and (
                (num.dataset = den.dataset and num.millesime = den.millesime)
                or (
                    catalogue.denominateur_ailleurs
                    and abs(try_cast(num.annee as integer) - try_cast(den.annee as integer))
                    <= {{ var('ecart_max_annees') }}
                )
            )
    where catalogue.mesure_denominateur is null or den.mesure is not null
    qualify
        row_number() over (
            partition by
                catalogue.code_indicateur,
                num.dataset, num.millesime, num.annee, num.zonage, num.code_territoire
            order by
                abs(try_cast(num.annee as integer) - try_cast(den.annee as integer)) asc,
                num.dataset = den.dataset and num.millesime = den.millesime desc,
                den.millesime desc,
                den.dataset asc
        ) = 1
),

-- Une conversion qui ne couvre pas toute la cible donne encore un rapport, pas un nombre.
quantites as (
    select
        *,
        case
            when
                rapport
                and num.converti
                and num.part_cible_couverte >= {{ var('couverture_rapports') }}
                then num.valeur_partielle
            else num.valeur
        end as numerateur,
        case
            when den.converti and den.part_cible_couverte >= {{ var('couverture_rapports') }}
                then den.valeur_partielle
            else den.valeur
        end as denominateur,
        coalesce(num.converti, false) or coalesce(den.converti, false) as converti,
        coalesce(den.statut = 'borne_basse', false)
        or (coalesce(num.converti, false) and num.valeur is null) as partiel
    from couples
),

rapportes as (
    select
        code_indicateur,
        num.code_territoire,
        num.zonage,
        num.annee as periode,
        num.annee as millesime_numerateur,
        den.annee as millesime_denominateur,
        mesure_numerateur,
        num.dataset,
        num.millesime as edition,
        mesure_denominateur,
        den.dataset as dataset_denominateur,
        den.millesime as edition_denominateur,
        num.geographie,
        coalesce(num.provisoire, false) or coalesce(den.provisoire, false) as provisoire,
        greatest(num.comparable_depuis, den.comparable_depuis) as comparable_depuis,
        list_sort(list_distinct(num.load_ids || coalesce(den.load_ids, []))) as load_ids,
        -- Une somme partielle n'est le nombre de personne : seul le rapport se donne.
        case when rapport and not partiel then numerateur end as numerateur,
        case when not partiel then denominateur end as denominateur,
        case
            when not rapport then facteur * numerateur
            -- Un minimum au dénominateur ne borne rien.
            when den.statut <> 'borne_basse' then facteur * numerateur / nullif(denominateur, 0)
        end as valeur,
        -- Un nombre dit à peu près garde ses bornes ; une source exhaustive n'a pas d'intervalle.
        case
            when not rapport and num.statut in ('approche', 'borne_basse')
                then facteur * num.valeur_basse
        end as borne_basse,
        case
            when not rapport and num.statut in ('approche', 'borne_basse')
                then facteur * num.valeur_haute
        end as borne_haute,
        case
            when numerateur is null then num.statut
            when rapport and denominateur is null then den.statut
            when den.statut = 'borne_basse' then 'secret_producteur'
            when denominateur = 0 then 'sans_objet'
            when converti then 'estime'
            when num.statut <> 'observe' then num.statut
            else coalesce(den.statut, 'observe')
        end as statut,
        case
            when len(num.load_ids) = 0 then 'derive'
            when rapport or converti or num.dataset in ('operateurs', 'offre') then 'calcule'
            else 'publie'
        end as origine,
        converti,
        if(converti, 'conversion', null) as methode,
        case
            when converti
                then
                    'Valeur convertie : ce que donnaient les quartiers de 2015, supposé valable '
                    || 'sur tout le quartier de 2024, dont une part n''en était pas.'
        end as avertissement,
        greatest(
            num.qualite,
            den.qualite,
            if(
                num.annee <> den.annee or num.statut <> 'observe' or den.statut <> 'observe',
                'B',
                'A'
            )
        ) as qualite
    from quantites
)

-- Plusieurs éditions peuvent parler de la même année : la dernière parue fait foi.
select * replace (case when valeur is not null then qualite end as qualite)
from rapportes
qualify row_number() over (
    partition by code_indicateur, code_territoire, zonage, periode
    order by edition desc, dataset asc
) = 1
