-- Chaque jour d'ouverture annoncé, lu ou dit non lu : ce qui ne se lit pas n'est jamais deviné.
with jours as (
    select
        dataset,
        edition,
        code_structure,
        vide_vaut_ferme,
        replace(colonne, 'horaires_', '') as jour,
        texte,
        {{ plages_horaires('texte') }} as plages
    from {{ ref('stg_operateurs__france_services') }}
    unpivot include nulls (
        texte for colonne in (
            horaires_lundi,
            horaires_mardi,
            horaires_mercredi,
            horaires_jeudi,
            horaires_vendredi,
            horaires_samedi
        )
    )
),

plages as (
    select
        dataset,
        edition,
        code_structure,
        jour,
        generate_subscripts(plages, 1) as rang,
        unnest(plages) as plage
    from jours
),

minutes as (
    select
        dataset,
        edition,
        code_structure,
        jour,
        rang,
        {{ minutes_de("split_part(plage, '-', 1)") }} as debut,
        {{ minutes_de("split_part(plage, '-', 2)") }} as fin
    from plages
),

ordonnees as (
    select
        *,
        lag(fin, 1, 0) over (
            partition by dataset, edition, code_structure, jour
            order by rang
        ) as fin_precedente
    from minutes
),

-- Des plages en désordre, qui se recouvrent ou qui sont vides ne se lisent pas.
lus as (
    select
        dataset,
        edition,
        code_structure,
        jour,
        sum(fin - debut) as minutes,
        sum(greatest(0, fin - greatest(debut, 18 * 60))) as minutes_soir
    from ordonnees
    group by all
    having bool_and(fin_precedente <= debut and debut < fin and fin <= 24 * 60)
)

select
    jours.dataset,
    jours.edition,
    jours.code_structure,
    jours.jour,
    jours.texte,
    case
        when lus.minutes is not null then 'ouvert'
        when
            jours.texte = '-'
            or regexp_full_match(jours.texte, '(?i)(espace )?fermé( ce jour)?')
            then 'ferme'
        when
            jours.texte is null
            and jours.vide_vaut_ferme
            and count(jours.texte) over (
                partition by jours.dataset, jours.edition, jours.code_structure
            ) > 0
            then 'ferme'
        when jours.texte is null or jours.texte = 'Horaires non communiqués' then 'non_communique'
        else 'non_lu'
    end as statut,
    lus.minutes,
    lus.minutes_soir
from jours
left join lus
    on
        jours.dataset = lus.dataset
        and jours.edition = lus.edition
        and jours.code_structure = lus.code_structure
        and jours.jour = lus.jour
