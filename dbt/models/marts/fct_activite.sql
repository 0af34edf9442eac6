{#-
  En attendant le contrôle de divulgation complet : un compte de moins de 11 personnes masque toute
  la ventilation dont il fait partie, pour que nul complément ne le rende ; un complément de moins de
  11 personnes (int_activite__complements) fait de même. Un ensemble de moins de 11 personnes masque
  tout ce que l'on compte de personnes dans ce lieu et cette période. Où une structure compte à la
  fois des mois et l'année, ou des quartiers et leur commune, une différence rendrait le nombre
  masqué : tous sont alors d'un même bloc.
-#}
{% set structure = 'outil, operateur, structure' %}
{% set bloc = structure ~ ', bloc_territoire, bloc_periode' %}
with emboites as (
    select
        *,
        coalesce(code_territoire, {{ cle_libelle('territoire_declare') }}, '') as lieu,
        count(distinct zonage) over (partition by {{ structure }}) > 1 as territoires_emboites,
        count(distinct length(periode)) over (
            partition by {{ structure }}, left(periode, 4)
        ) > 1 or contains(periode, '/') as periodes_emboitees
    from {{ ref('int_activite__unie') }}
),

blocs as (
    select
        emboites.*,
        if(emboites.territoires_emboites, 'tous', emboites.lieu) as bloc_territoire,
        case
            when contains(emboites.periode, '/') then 'tous'
            when emboites.periodes_emboitees then left(emboites.periode, 4)
            else emboites.periode
        end as bloc_periode,
        emboites.secret in ('ensemble', 'cellule')
        and (
            complements.ventilation is not null
            or coalesce(emboites.valeur, emboites.valeur_haute, emboites.valeur_basse)
            < {{ var('seuil_operateurs') }}
        ) as petit
    from emboites
    left join {{ ref('int_activite__complements') }} as complements
        on
            emboites.outil = complements.outil
            and emboites.operateur = complements.operateur
            and emboites.structure = complements.structure
            and emboites.lieu = complements.lieu
            and emboites.periode = complements.periode
            and emboites.mesure = complements.mesure
            and emboites.ventilation = complements.ventilation
),

petits as (
    select
        *,
        coalesce(
            bool_or(petit) over (partition by {{ bloc }}, mesure, ventilation), false
        ) as ventilation_petite,
        coalesce(bool_or(petit and ventilation = 'theme') over (
            partition by {{ bloc }}, mesure
        ), false) as theme_petit,
        coalesce(bool_or(petit and ventilation = 'ensemble' and secret = 'ensemble') over (
            partition by {{ bloc }}
        ), false) as ensemble_petit,
        coalesce(bool_or(petit and ventilation = 'type_activite') over (
            partition by {{ bloc }}
        ), false) as type_petit,
        coalesce(bool_or(petit) over (partition by {{ bloc }}), false) as un_petit
    from blocs
),

masques as (
    select
        *,
        case
            when secret = 'libre' then false
            when secret = 'part' then true
            when secret = 'derive' then un_petit
            when secret = 'type' then type_petit or ensemble_petit
            -- Deux dimensions croisées rendraient l'une d'elles, et le détail d'un thème, le thème.
            else
                ventilation_petite
                or ensemble_petit
                or ventilation like '%×%×%'
                or (starts_with(ventilation, 'theme ×') and theme_petit)
        end as masque
    from petits
)

select
    outil,
    operateur,
    structure,
    territoire_declare,
    code_territoire,
    zonage,
    territoire_designe,
    precision_territoire,
    code_quartier,
    pres_d_une_limite,
    periode,
    ventilation,
    theme,
    canal,
    type_activite,
    sexe,
    classe_age,
    residence,
    mesure,
    libelle_mesure,
    unite,
    cumul,
    additive,
    case when not masque then valeur end as valeur,
    case when not masque then valeur_basse end as valeur_basse,
    case when not masque then valeur_haute end as valeur_haute,
    case when not masque then qualificatif end as qualificatif,
    case
        when masque and coalesce(valeur, valeur_basse, valeur_haute) is not null then 'secret'
        else statut
    end as statut,
    load_ids
from masques
