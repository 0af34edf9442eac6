-- L'offre de chaque quartier, par année : le dernier état connu de chaque type de structure, dans
-- le zonage en vigueur. Un type inconnu n'est pas un type absent.
with etats as (
    select
        offre.*,
        left(offre.date_offre, 4) as annee
    from {{ ref('fct_offre_service') }} as offre
    inner join {{ ref('territoires') }} as territoires
        on
            offre.code_territoire = territoires.code_territoire
            and offre.zonage = territoires.zonage
            and left(offre.date_offre, 4)
            between cast(year(territoires.valide_du) as varchar)
            and coalesce(cast(year(territoires.valide_au) as varchar), '9999')
),

derniers as (
    select *
    from etats
    -- Un dispositif unique qui couvre tous les quartiers n'est présent dans aucun.
    where mode_presence is distinct from 'couvre_quartier'
    qualify
        row_number() over (
            partition by code_territoire, zonage, annee, type_structure
            -- Une liste qui ne recense qu'un label n'efface pas ce que le rapport a vu.
            order by
                list_position(['present', 'prevu', 'absent', 'inconnu'], presence) asc,
                date_offre desc,
                dataset asc
        ) = 1
),

horaires as (
    select *
    from etats
    where presence = 'present' and dataset <> 'rapport_2022'
    qualify
        row_number() over (
            partition by code_territoire, zonage, annee, type_structure
            order by date_offre desc, dataset asc
        ) = 1
),

comptes as (
    select
        code_territoire,
        zonage,
        annee,
        cast(count(*) as double) as off_types,
        cast(count(*) filter (presence = 'inconnu') as double) as off_types_inconnus,
        cast(count(*) filter (presence <> 'inconnu') as double) as off_types_connus,
        cast(count(*) filter (presence = 'present') as double) as off_types_presents,
        count(*) filter (presence = 'inconnu') / count(*) as part_inconnue,
        list_sort(list_distinct(flatten(list(load_ids)))) as load_ids
    from derniers
    group by code_territoire, zonage, annee
    -- D'une ou deux listes, on ne fait pas un indice.
    having count(*) >= {{ var('types_par_indice') }}
),

-- Le rapport dit qui est financé par la politique de la ville ; une liste n'en dit rien.
financements as (
    select
        code_territoire,
        zonage,
        annee,
        cast(count(distinct type_structure) as double) as off_types_finance_connu,
        cast(count(distinct type_structure) filter (finance_pdv) as double)
            as off_types_finances_pdv,
        list_sort(list_distinct(flatten(list(load_ids)))) as load_ids
    from etats
    where
        presence = 'present'
        and finance_pdv is not null
        and mode_presence is distinct from 'couvre_quartier'
    group by code_territoire, zonage, annee
),

semaines as (
    select
        code_territoire,
        zonage,
        annee,
        sum(heures_hebdo) as off_heures_hebdo,
        sum(heures_soir + heures_samedi) as off_heures_soir_samedi,
        bool_or(statut_horaires = 'borne_basse') as bornee,
        list_sort(list_distinct(flatten(list(load_ids)))) as load_ids
    from horaires
    where heures_hebdo is not null
    group by code_territoire, zonage, annee
),

mesures as (
    unpivot comptes on columns('off_.*') into name mesure value valeur
    union all by name
    unpivot financements on columns('off_.*') into name mesure value valeur
    union all by name
    unpivot semaines on columns('off_.*') into name mesure value valeur
)

select
    'offre' as dataset,
    annee as millesime,
    zonage,
    code_territoire,
    mesure,
    annee,
    valeur,
    if(bornee, 'borne_basse', 'observe') as statut,
    -- Un indice dont plus d'un quart des types est inconnu n'est qu'une indication.
    if(part_inconnue > 0.25, 'C', 'A') as qualite,
    load_ids
from mesures
