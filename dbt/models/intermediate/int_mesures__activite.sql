{#-
  L'activité des opérateurs, par territoire et par année, dans la forme des autres mesures. Elle part
  de ce qui est publié : un compte masqué masque la somme dont il fait partie. Des personnes
  distinctes ne s'additionnent ni entre mois, ni entre opérateurs : leur nombre est celui d'une ligne
  seule, et sinon au moins le plus grand.
-#}
with activite as (
    select
        *,
        left(periode, 4) as annee,
        length(periode) = 4 as annuelle
    from {{ ref('fct_activite') }}
    -- Un intervalle peut couvrir deux années.
    where code_territoire is not null and periode not like '%/%'
),

cumuls as (
    select *
    from activite
    where cumul = 'stock'
    -- Un cumul : le dernier de l'année, dans chaque organisation.
    qualify
        row_number() over (
            partition by operateur, structure, code_territoire, mesure, annee
            order by periode desc
        ) = 1
),

comptes as (
    select
        activite.*,
        noms.mesure_commune
    from activite
    inner join (
        values
        ('entretiens', 'act_entretiens'), ('beneficiaires', 'act_beneficiaires'),
        ('beneficiaires', 'act_beneficiaires_residents'), ('participants', 'act_participants'),
        ('etp', 'act_etp')
    ) as noms (mesure, mesure_commune)
        on activite.mesure = noms.mesure
    where
        activite.ventilation in ('theme', 'type_activite')
        and (
            noms.mesure_commune <> 'act_beneficiaires_residents'
            or activite.territoire_designe = 'residence'
        )
    union all by name
    select
        *,
        'act_mandats' as mesure_commune
    from cumuls
    where mesure = 'mandats_cumules'
    union all by name
    select
        activite.*,
        parts.mesure_commune
    from activite
    inner join (
        values
        ('sexe', 'act_sexe_connu', null), ('sexe', 'act_femmes', 'Femmes'),
        ('classe_age', 'act_age_connu', null), ('classe_age', 'act_60_ans_plus', '60 ans ou plus')
    ) as parts (ventilation, mesure_commune, valeur_retenue)
        on
            activite.ventilation = parts.ventilation
            and coalesce(activite.sexe, activite.classe_age) is not null
            and (
                parts.valeur_retenue is null
                or coalesce(activite.sexe, activite.classe_age) = parts.valeur_retenue
            )
    where activite.mesure = 'accompagnements'
),

-- Des équivalents temps plein de plusieurs mois font une moyenne, pas une somme.
par_activite as (
    select
        mesure_commune as mesure,
        code_territoire,
        zonage,
        annee,
        if(mesure_commune <> 'act_etp', concat_ws('|', periode, territoire_declare), null) as ligne,
        if(
            mesure_commune = 'act_etp', avg(valeur), sum(coalesce(valeur, valeur_basse))
        ) as valeur,
        sum(valeur_basse) as valeur_basse,
        sum(valeur_haute) as valeur_haute,
        count(*) = count(coalesce(valeur, valeur_basse)) as complete,
        bool_and(annuelle) as annuelle,
        bool_or(statut = 'secret') as masquee,
        bool_or(statut = 'borne_basse' or valeur is null) as bornee,
        bool_or(statut = 'approche') as approchee,
        flatten(list(load_ids)) as load_ids
    from comptes
    group by
        mesure_commune, code_territoire, zonage, annee, outil, operateur, structure, theme,
        type_activite, ligne
),

par_territoire as (
    select
        mesure,
        code_territoire,
        zonage,
        annee,
        mesure in ('act_beneficiaires', 'act_beneficiaires_residents', 'act_participants')
            as personnes,
        count(*) = 1 and bool_and(annuelle) as seule,
        bool_or(masquee) as masquee,
        bool_or(bornee) as bornee,
        bool_or(approchee) as approchee,
        bool_and(complete) as complete,
        sum(valeur) as somme,
        max(valeur) as plus_grande,
        sum(valeur_basse) as valeur_basse,
        sum(valeur_haute) as valeur_haute,
        list_sort(list_distinct(flatten(list(load_ids)))) as load_ids
    from par_activite
    group by mesure, code_territoire, zonage, annee
),

valeurs as (
    select
        *,
        case
            when personnes then plus_grande
            when complete and not masquee then somme
        end as valeur
    from par_territoire
)

select
    'operateurs' as dataset,
    annee as millesime,
    zonage,
    code_territoire,
    mesure,
    annee,
    valeur,
    case when seule then valeur_basse end as valeur_basse,
    case when seule then valeur_haute end as valeur_haute,
    case
        when valeur is null and masquee then 'secret'
        when valeur is null then 'non_communique'
        when bornee or (personnes and not seule) then 'borne_basse'
        when approchee then 'approche'
        else 'observe'
    end as statut,
    load_ids
from valeurs
