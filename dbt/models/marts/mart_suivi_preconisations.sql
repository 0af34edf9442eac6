-- Chaque préconisation du rapport, par les indicateurs qui la suivent : où l'on en est, et ce qui
-- manque pour le savoir.
{% set arrondi = 1 %}
with generations (zonage, generation) as (
    values ('QPV2015', 'QPV2015'), ('QVA', 'QPV2015'), ('QPV2024', 'QPV2024')
),

effectifs as (
    select
        generations.generation,
        count(*) as nb_quartiers
    from {{ ref('dim_territoire') }} as territoires
    inner join generations
        on territoires.zonage = generations.zonage
    group by generations.generation
),

valeurs as (
    select
        valeurs.*,
        {{ annee_de('valeurs.periode') }} || valeurs.periode as rang_periode,
        generations.generation,
        lag(valeurs.valeur) over (
            partition by valeurs.code_indicateur, valeurs.code_territoire, valeurs.zonage
            order by {{ annee_de('valeurs.periode') }}, valeurs.periode
        ) as valeur_avant
    from {{ ref('fct_indicateur') }} as valeurs
    left join generations
        on valeurs.zonage = generations.zonage
    -- Une valeur convertie ne se mêle jamais aux observées.
    where valeurs.converti is not true
),

-- Une seule période et une seule génération de quartiers par indicateur : les plus récentes.
dernieres as (
    select
        code_indicateur,
        generation,
        periode
    from valeurs
    where generation is not null and valeur is not null
    qualify row_number() over (
        partition by code_indicateur
        order by rang_periode desc, generation desc
    ) = 1
),

quartiers as (
    select
        valeurs.*,
        territoires.nom,
        case
            -- Ni un minimum ni une estimation ne se comparent : rupture le dit.
            when not valeurs.comparable then null
            when round(valeurs.valeur, {{ arrondi }}) > round(valeurs.valeur_avant, {{ arrondi }})
                then 'hausse'
            when round(valeurs.valeur, {{ arrondi }}) < round(valeurs.valeur_avant, {{ arrondi }})
                then 'baisse'
            else 'stable'
        end as mouvement
    from valeurs
    inner join dernieres
        on
            valeurs.code_indicateur = dernieres.code_indicateur
            and valeurs.generation = dernieres.generation
            and valeurs.periode = dernieres.periode
    inner join {{ ref('dim_territoire') }} as territoires
        on
            valeurs.code_territoire = territoires.code_territoire
            and valeurs.zonage = territoires.zonage
    where valeurs.valeur is not null
),

extremes as (
    select
        *,
        min(valeur) over (partition by code_indicateur) as plus_petite,
        max(valeur) over (partition by code_indicateur) as plus_grande
    from quartiers
),

resumes as (
    select
        code_indicateur,
        any_value(generation) as zonage,
        any_value(periode) as derniere_periode,
        count(*) as nb_quartiers,
        count(*) filter (where statut = 'borne_basse') as nb_minimums,
        min(valeur) as minimum,
        string_agg(nom, ', ' order by nom) filter (where valeur = plus_petite)
            as quartiers_minimum,
        median(valeur) as mediane,
        max(valeur) as maximum,
        string_agg(nom, ', ' order by nom) filter (where valeur = plus_grande)
            as quartiers_maximum,
        -- Un minimum ne se classe pas, ni deux estimations dont les intervalles se touchent.
        nb_minimums = 0
        and coalesce(arg_max(borne_basse, valeur) > arg_min(borne_haute, valeur), true)
            as classables,
        any_value(valeur_epci) as valeur_epci,
        any_value(periode_epci) as periode_epci,
        count(mouvement) as nb_comparables,
        count(*) filter (where mouvement = 'hausse') as nb_hausses,
        count(*) filter (where mouvement = 'baisse') as nb_baisses,
        count(*) filter (where mouvement = 'stable') as nb_stables
    from extremes
    group by code_indicateur
),

epci as (
    select
        code_indicateur,
        arg_max(valeur, rang_periode) as valeur,
        arg_max(periode, rang_periode) as periode
    from valeurs
    where
        zonage = 'EPCI'
        and code_territoire = '{{ var("code_epci") }}'
        and valeur is not null
    group by code_indicateur
),

ailleurs as (
    select
        valeurs.code_indicateur,
        max_by(valeurs.periode, valeurs.rang_periode) as periode,
        string_agg(distinct territoires.niveau, ', ' order by territoires.niveau) as niveaux
    from valeurs
    inner join {{ ref('dim_territoire') }} as territoires
        on
            valeurs.code_territoire = territoires.code_territoire
            and valeurs.zonage = territoires.zonage
    where valeurs.valeur is not null
    group by valeurs.code_indicateur
),

etats as (
    select
        enjeux.code_enjeu,
        enjeux.ordre as ordre_enjeu,
        enjeux.libelle as enjeu,
        preconisations.code_preconisation,
        preconisations.ordre as ordre_preconisation,
        preconisations.nature,
        preconisations.texte_imprime as preconisation,
        preconisations.page,
        liens.code_indicateur,
        liens.role,
        liens.precision_lecture,
        indicateurs.libelle,
        indicateurs.unite,
        indicateurs.sens,
        indicateurs.table_publiee,
        case
            when resumes.nb_quartiers > 0 then 'suivi'
            when indicateurs.disponibilite = 'publie' then 'suivi_autrement'
            when coalesce(indicateurs.mesure_numerateur, indicateurs.modele) is not null
                then 'a_construire'
            else 'sans_source'
        end as etat,
        case
            when resumes.nb_quartiers > 0 then null
            when indicateurs.table_publiee <> 'fct_indicateur'
                then
                    'Ce n''est pas un nombre par quartier : il se lit dans '
                    || indicateurs.table_publiee || '.'
            when indicateurs.disponibilite = 'publie'
                then 'Connu pour ce niveau seulement : ' || ailleurs.niveaux || '.'
            else indicateurs.motif_non_disponible
        end as manque,
        resumes.zonage,
        coalesce(resumes.derniere_periode, ailleurs.periode, indicateurs.derniere_periode)
            as derniere_periode,
        coalesce(resumes.nb_quartiers, 0) as nb_quartiers,
        effectifs.nb_quartiers - resumes.nb_quartiers as nb_quartiers_sans_valeur,
        coalesce(resumes.nb_minimums, 0) as nb_minimums,
        -- Face à des quartiers, la valeur de l'EPCI à laquelle ils sont comparés.
        if(resumes.nb_quartiers > 0, resumes.valeur_epci, epci.valeur) as valeur_epci,
        if(resumes.nb_quartiers > 0, resumes.periode_epci, epci.periode) as periode_epci,
        if(resumes.nb_minimums = 0, resumes.minimum, null) as minimum,
        if(resumes.classables, resumes.quartiers_minimum, null) as quartiers_minimum,
        if(resumes.nb_minimums = 0, resumes.mediane, null) as mediane,
        if(resumes.nb_minimums = 0, resumes.maximum, null) as maximum,
        if(resumes.classables, resumes.quartiers_maximum, null) as quartiers_maximum,
        case
            when
                liens.role = 'disparite'
                and resumes.classables
                and resumes.nb_quartiers >= 2
                and resumes.minimum > 0
                then round(resumes.maximum / resumes.minimum, 2)
        end as ratio_max_min,
        coalesce(resumes.nb_comparables, 0) as nb_comparables,
        resumes.nb_hausses,
        resumes.nb_baisses,
        case
            when coalesce(resumes.nb_comparables, 0) = 0 then null
            when 2 * resumes.nb_hausses > resumes.nb_comparables then 'hausse'
            when 2 * resumes.nb_baisses > resumes.nb_comparables then 'baisse'
            when 2 * resumes.nb_stables > resumes.nb_comparables then 'stable'
            else 'contrastee'
        end as tendance
    from {{ ref('preconisations_indicateurs') }} as liens
    inner join {{ ref('preconisations') }} as preconisations
        on liens.code_preconisation = preconisations.code_preconisation
    inner join {{ ref('enjeux') }} as enjeux
        on preconisations.code_enjeu = enjeux.code_enjeu
    inner join {{ ref('dim_indicateur') }} as indicateurs
        on liens.code_indicateur = indicateurs.code_indicateur
    left join resumes
        on liens.code_indicateur = resumes.code_indicateur
    left join effectifs
        on resumes.zonage = effectifs.generation
    left join epci
        on liens.code_indicateur = epci.code_indicateur
    left join ailleurs
        on liens.code_indicateur = ailleurs.code_indicateur
)

select
    code_enjeu,
    ordre_enjeu,
    enjeu,
    code_preconisation,
    ordre_preconisation,
    nature,
    preconisation,
    page,
    code_indicateur,
    libelle,
    unite,
    sens,
    role,
    precision_lecture,
    etat,
    manque,
    table_publiee,
    zonage,
    derniere_periode,
    nb_quartiers,
    nb_quartiers_sans_valeur,
    nb_minimums,
    valeur_epci,
    periode_epci,
    minimum,
    quartiers_minimum,
    mediane,
    maximum,
    quartiers_maximum,
    ratio_max_min,
    nb_comparables,
    if(nb_comparables > 0, nb_hausses, null) as nb_hausses,
    if(nb_comparables > 0, nb_baisses, null) as nb_baisses,
    tendance,
    case
        when tendance is null then null
        when tendance in ('stable', 'contrastee') then tendance
        when sens = 'neutre' then 'neutre'
        when (tendance = 'hausse') = (sens = 'plus_est_mieux') then 'amelioration'
        else 'degradation'
    end as lecture,
    cast(null as double) as cible,
    'Le groupe de pilotage n''en a fixé aucune.' as cible_remarque
from etats
