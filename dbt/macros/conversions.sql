{# Une mesure exprimée dans un autre zonage, en deux temps : les cellules qui la composent, puis leur
   somme pondérée. SQL seul, sans ref : les tests l'exécutent sur des tables à eux. #}

{# Les cellules attendues : chaque édition d'une mesure, dans chaque source de chaque cible. Une
   source que le fichier ne porte pas garde sa place, vide. Seules les mesures additives passent. #}
{% macro cellules_de_passage(mesures, passages, composition) %}
select
    '{{ composition }}' as composition,
    editions.dataset,
    editions.millesime,
    liens.zonage_cible as zonage,
    liens.code_cible as code_territoire,
    editions.mesure,
    liens.zonage_source,
    liens.code_source,
    liens.poids,
    editions.annee,
    editions.annee_deduite,
    recues.valeur,
    recues.valeur_basse,
    recues.valeur_haute,
    -- Un territoire que l'édition ne porte pas n'est pas diffusé : jamais à 0.
    coalesce(recues.statut, 'non_disponible') as statut,
    editions.unite,
    editions.comparable_depuis,
    editions.provisoire,
    recues.geographie,
    recues.colonne_source,
    recues.load_id,
    recues.ligne,
    liens.millesime as millesime_passage,
    liens.part_cible_couverte,
    liens.qualite,
    liens.rupture_le
from (
    select distinct
        dataset,
        millesime,
        zonage,
        mesure,
        annee,
        annee_deduite,
        unite,
        comparable_depuis,
        provisoire
    from {{ mesures }}
    where additive
) as editions
inner join {{ passages }} as liens
    on editions.zonage = liens.zonage_source
left join {{ mesures }} as recues
    on
        editions.dataset = recues.dataset
        and editions.millesime = recues.millesime
        and editions.mesure = recues.mesure
        and liens.zonage_source = recues.zonage
        and liens.code_source = recues.code_territoire
{% endmacro %}

{# Σ poids × valeur. Une seule source vide et la cible est vide, avec le statut de la source : jamais
   de somme partielle des sources. Un nombre n'est donné que si les sources couvrent la cible ;
   `valeur_partielle` reste pour un rapport, dont les deux termes ont la même couverture. #}
{% macro valeurs_converties(cellules, couverture_nombres) %}
select
    dataset,
    millesime,
    zonage,
    code_territoire,
    mesure,
    annee,
    annee_deduite,
    case when couverte and connue then somme end as valeur,
    case when couverte and connue then somme_basse end as valeur_basse,
    case when couverte and connue then somme_haute end as valeur_haute,
    case
        when not connue then statut_manquant
        when not couverte then 'non_disponible'
        else 'estime'
    end as statut,
    unite,
    true as additive,
    comparable_depuis,
    millesime_passage as geographie,
    provisoire,
    colonne_source,
    load_id,
    ligne,
    true as converti,
    case when connue then somme end as valeur_partielle,
    poids_max,
    part_cible_couverte,
    if(couverte, qualite, 'D') as qualite,
    rupture_le
from (
    select
        dataset,
        millesime,
        zonage,
        code_territoire,
        mesure,
        zonage_source,
        any_value(annee) as annee,
        any_value(annee_deduite) as annee_deduite,
        any_value(unite) as unite,
        any_value(comparable_depuis) as comparable_depuis,
        any_value(provisoire) as provisoire,
        any_value(millesime_passage) as millesime_passage,
        any_value(rupture_le) as rupture_le,
        sum(poids * valeur) as somme,
        sum(poids * valeur_basse) as somme_basse,
        sum(poids * valeur_haute) as somme_haute,
        bool_and(valeur is not null) as connue,
        -- Un secret se dit avant une absence.
        max(statut) filter (where valeur is null) as statut_manquant,
        max(poids) as poids_max,
        any_value(part_cible_couverte) as part_cible_couverte,
        coalesce(any_value(part_cible_couverte), 0) >= {{ couverture_nombres }} as couverte,
        -- La moins bonne de ses sources.
        max(qualite) as qualite,
        min(load_id) as load_id,
        min(colonne_source) as colonne_source,
        -- Plusieurs lignes : int_mesures__cellules les donne.
        if(count(*) = 1, min(ligne), null) as ligne
    from {{ cellules }}
    group by dataset, millesime, zonage, code_territoire, mesure, zonage_source
) as sommes
{% endmacro %}
