{#-
  En attendant le contrôle de divulgation complet : un compte de moins de 11 personnes masque toute
  la ventilation dont il fait partie, pour que nul complément ne le rende ; et un ensemble de moins
  de 11 personnes masque tout ce que l'on compte de personnes dans ce lieu et cette période.
-#}
{% set seuil = var('seuil_operateurs') %}
with petits as (
    select
        *,
        secret <> 'libre' and coalesce(valeur, valeur_haute, valeur_basse) < {{ seuil }} as petit
    from {{ ref('int_activite__unie') }}
),

blocs as (
    select
        *,
        bool_or(petit) over (
            partition by
                outil, operateur, structure, code_territoire, periode, mesure, ventilation
        ) as ventilation_masquee,
        bool_or(petit and secret = 'ensemble' and ventilation = 'ensemble') over (
            partition by outil, operateur, structure, code_territoire, periode
        ) as ensemble_masque
    from petits
),

masques as (
    select
        *,
        secret <> 'libre'
        and (coalesce(ventilation_masquee, false) or coalesce(ensemble_masque, false)) as masque
    from blocs
)

select
    outil,
    operateur,
    structure,
    code_territoire,
    zonage,
    territoire_designe,
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
    case when masque then 'secret' else statut end as statut,
    load_ids
from masques
