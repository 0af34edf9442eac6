-- Chaque préconisation du rapport, par les indicateurs qui la suivent : où l'on en est, et ce qui
-- manque pour le savoir.
{% set arrondi = 1 %}
with valeurs as (
    select
        valeurs.*,
        {{ annee_de('valeurs.periode') }} || valeurs.periode as rang_periode,
        case
            when valeurs.zonage in ('QPV2015', 'QVA') then 'QPV2015'
            when valeurs.zonage = 'QPV2024' then 'QPV2024'
        end as generation,
        lag(valeurs.valeur) over (
            partition by valeurs.code_indicateur, valeurs.code_territoire, valeurs.zonage
            order by {{ annee_de('valeurs.periode') }}, valeurs.periode
        ) as valeur_avant
    from {{ ref('fct_indicateur') }} as valeurs
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
            -- Une estimation suppose un comportement constant : elle ne montre aucun progrès local.
            when not valeurs.comparable or valeurs.statut = 'estime' then null
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
        min(valeur) as minimum,
        string_agg(nom, ', ' order by nom) filter (where valeur = plus_petite)
            as quartiers_minimum,
        median(valeur) as mediane,
        max(valeur) as maximum,
        string_agg(nom, ', ' order by nom) filter (where valeur = plus_grande)
            as quartiers_maximum,
        -- Deux estimations dont les intervalles se touchent ne se classent pas.
        coalesce(arg_max(borne_basse, valeur) > arg_min(borne_haute, valeur), true) as classables,
        any_value(valeur_epci) as valeur_epci,
        any_value(periode_epci) as periode_epci,
        count(mouvement) as nb_comparables,
        count(*) filter (where mouvement = 'hausse') as nb_hausses,
        count(*) filter (where mouvement = 'baisse') as nb_baisses
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
        -- Face à des quartiers, la valeur de l'EPCI à laquelle ils sont comparés.
        if(resumes.nb_quartiers > 0, resumes.valeur_epci, epci.valeur) as valeur_epci,
        if(resumes.nb_quartiers > 0, resumes.periode_epci, epci.periode) as periode_epci,
        resumes.minimum,
        if(resumes.classables, resumes.quartiers_minimum, null) as quartiers_minimum,
        resumes.mediane,
        resumes.maximum,
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
            when resumes.nb_hausses > 0 and resumes.nb_baisses > 0 then 'contrastee'
            when resumes.nb_hausses > 0 then 'hausse'
            when resumes.nb_baisses > 0 then 'baisse'
            else 'stable'
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
