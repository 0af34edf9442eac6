{#-
  En attendant le contrôle de divulgation complet : un compte de moins de 11 personnes masque toute
  la ventilation dont il fait partie, pour que nul complément ne le rende ; et un ensemble de moins
  de 11 personnes masque tout ce que l'on compte de personnes dans ce lieu et cette période.
-#}
{% set lieu = 'outil, operateur, structure, territoire_declare, code_territoire, periode' %}
with petits as (
    select
        *,
        secret in ('ensemble', 'cellule')
        and coalesce(valeur, valeur_haute, valeur_basse) < {{ var('seuil_operateurs') }} as petit
    from {{ ref('int_activite__unie') }}
),

lieux as (
    select
        *,
        coalesce(bool_or(petit) over (
            partition by {{ lieu }}, mesure, ventilation
        ), false) as ventilation_petite,
        coalesce(bool_or(petit and ventilation = 'ensemble' and secret = 'ensemble') over (
            partition by {{ lieu }}
        ), false) as ensemble_petit,
        coalesce(bool_or(petit and secret = 'ensemble') over (
            partition by {{ lieu }}
        ), false) as un_ensemble_petit
    from petits
),

masques as (
    select
        *,
        case secret
            when 'libre' then false
            when 'derive' then un_ensemble_petit
            else ventilation_petite or ensemble_petit
        end as masque
    from lieux
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
