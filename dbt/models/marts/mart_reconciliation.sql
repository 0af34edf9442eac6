-- Chaque nombre qu'un autre a publié et que nous calculons aussi, et ce qui les sépare.
{% set ecart_verifiable_pct = 5 %}
with periodes_du_rapport as (
    select distinct
        code_indicateur,
        periode
    from {{ ref('chiffres_rapport') }}
    where zonage <> 'EPCI'
),

imprimes as (
    select
        rapport.*,
        coalesce(length(split_part(
            replace(replace(rapport.texte_imprime, '%', ''), ',', '.'), '.', 2
        )), 0) as decimales
    from {{ ref('chiffres_rapport') }} as rapport
    where rapport.valeur is not null
),

du_rapport as (
    select
        'rapport_2022' as origine,
        {{ page_du_rapport('imprimes.page') }} as source,  -- noqa: RF04
        imprimes.code_territoire,
        imprimes.zonage,
        imprimes.code_indicateur as objet,
        indicateurs.libelle,
        indicateurs.unite,
        imprimes.periode,
        cast(null as varchar) as dataset,
        cast(null as varchar) as edition,
        imprimes.texte_imprime,
        imprimes.valeur as valeur_publiee,
        calculs.valeur as valeur_observatoire,
        calculs.periode as periode_observatoire,
        case
            when calculs.statut = 'borne_basse' and calculs.valeur <= imprimes.valeur
                then 'perimetre'
            when
                imprimes.valeur not in (
                    calculs.valeur,
                    round(calculs.valeur, cast(imprimes.decimales as integer)),
                    trunc(calculs.valeur * power(10, imprimes.decimales))
                    / power(10, imprimes.decimales)
                )
                then 'non_explique'
            when calculs.periode <> imprimes.periode then 'millesime'
            when imprimes.valeur = calculs.valeur then 'identique'
            when imprimes.valeur = round(calculs.valeur, cast(imprimes.decimales as integer))
                then 'arrondi'
            else 'troncature'
        end as explication,
        case
            when calculs.statut = 'borne_basse'
                then 'Notre valeur est un minimum : des cellules sont masquées.'
            when calculs.periode <> imprimes.periode
                then
                    'Imprimée pour ' || imprimes.periode || ', notre valeur est de '
                    || calculs.periode || '.'
        end as detail
    from imprimes
    inner join {{ ref('catalogue_indicateurs') }} as indicateurs
        on imprimes.code_indicateur = indicateurs.code_indicateur
    inner join {{ ref('fct_indicateur') }} as calculs
        on
            imprimes.code_indicateur = calculs.code_indicateur
            and imprimes.code_territoire = calculs.code_territoire
            and imprimes.zonage = calculs.zonage
            and calculs.valeur is not null
            and calculs.origine <> 'cite'
    left join periodes_du_rapport as periodes
        on
            calculs.code_indicateur = periodes.code_indicateur
            and calculs.periode = periodes.periode
    -- La ligne de l'EPCI, datée de deux années, se lit à la période des quartiers qu'elle compare.
    where
        calculs.periode = imprimes.periode
        or (imprimes.zonage = 'EPCI' and periodes.periode is not null)
),

totaux as (
    select
        publies.dataset,
        publies.millesime as edition,
        publies.mesure,
        publies.code_territoire,
        publies.zonage,
        publies.annee,
        publies.unite,
        publies.valeur as valeur_publiee,
        sommes.somme,
        sommes.plus_grande,
        sommes.lignes,
        sommes.lignes_vides,
        loads.demonstration
    from {{ ref('int_mesures__references') }} as publies
    inner join {{ ref('int_controles__sommes') }} as sommes
        on
            publies.dataset = sommes.dataset
            and publies.load_id = sommes.load_id
            and publies.mesure = sommes.mesure
    inner join {{ source('audit', 'loads') }} as loads
        on publies.load_id = loads.load_id
    where publies.additive and publies.valeur is not null and sommes.somme is not null
),

des_producteurs as (
    select
        'total_producteur' as origine,
        mesures.citation as source,  -- noqa: RF04
        totaux.code_territoire,
        totaux.zonage,
        totaux.mesure as objet,
        mesures.libelle,
        totaux.unite,
        totaux.annee as periode,
        totaux.dataset,
        totaux.edition,
        cast(null as varchar) as texte_imprime,
        totaux.valeur_publiee,
        totaux.somme as valeur_observatoire,
        totaux.annee as periode_observatoire,
        case
            when totaux.demonstration then 'perimetre'
            when totaux.somme = totaux.valeur_publiee then 'identique'
            when
                totaux.valeur_publiee % 100 = 0
                and abs(totaux.valeur_publiee - totaux.somme) <= 50
                then 'total_arrondi_a_la_centaine'
            -- Le total compte aussi les quartiers masqués, pas plus grands que le plus grand.
            when
                totaux.lignes_vides > 0
                and totaux.valeur_publiee - totaux.somme
                between -50 and totaux.lignes_vides * totaux.plus_grande + 50
                then 'cellules_masquees'
            else 'non_explique'
        end as explication,
        case
            when totaux.demonstration
                then
                    'L''extrait reçu n''a que ' || totaux.lignes
                    || ' quartiers, le total est celui de tous.'
            when totaux.lignes_vides > 0
                then
                    'Le total compte aussi ' || totaux.lignes_vides
                    || ' quartiers dont la cellule est masquée, sur ' || totaux.lignes || '.'
        end as detail
    from totaux
    inner join {{ ref('dim_mesure') }} as mesures
        on
            totaux.dataset = mesures.dataset
            and totaux.edition = mesures.edition
            and totaux.mesure = mesures.mesure
),

rapproches as (
    select * from du_rapport
    union all
    select * from des_producteurs
),

ecarts as (
    select
        *,
        round(valeur_observatoire - valeur_publiee, 6) as ecart,
        round(
            100 * (valeur_observatoire - valeur_publiee) / nullif(valeur_publiee, 0), 2
        ) as ecart_relatif_pct
    from rapproches
)

select
    ecarts.origine,
    ecarts.source,  -- noqa: RF04
    ecarts.code_territoire,
    ecarts.zonage,
    territoires.nom,
    ecarts.objet,
    ecarts.libelle,
    ecarts.unite,
    ecarts.periode,
    ecarts.dataset,
    ecarts.edition,
    ecarts.texte_imprime,
    ecarts.valeur_publiee,
    ecarts.valeur_observatoire,
    ecarts.periode_observatoire,
    ecarts.ecart,
    ecarts.ecart_relatif_pct,
    ecarts.explication,
    ecarts.detail,
    case
        when ecarts.explication = 'non_explique' then 'a_expliquer'
        -- Beaucoup de cellules masquées pourraient expliquer n'importe quel écart.
        when
            ecarts.explication = 'cellules_masquees'
            and abs(ecarts.ecart_relatif_pct) > {{ ecart_verifiable_pct }}
            then 'ecart_possible'
        when ecarts.explication in ('perimetre', 'millesime', 'cellules_masquees')
            then 'ecart_explique'
        else 'concorde'
    end as verdict
from ecarts
left join {{ ref('dim_territoire') }} as territoires
    on
        ecarts.code_territoire = territoires.code_territoire
        and ecarts.zonage = territoires.zonage
