-- Toutes les estimations du non-recours, en une forme. Aucune ne dit le non-recours d'un quartier :
-- l'avertissement le rappelle, et la fiche de la méthode dit ce qu'elle ne montre pas.
{% set experimental = 'Estimation expérimentale' %}
{% set besoin = 'Une couverture CAF élevée dit le besoin, pas un faible non-recours.' %}
with estimations as (
    select
        if(prestation = 'rsa', 'nrc_rsa_synth', 'nrc_mv_synth') as code_indicateur,
        code_territoire,
        zonage,
        periode,
        non_recourants as numerateur,
        beneficiaires + non_recourants as denominateur,
        taux_pct as valeur,
        borne_basse,
        borne_haute,
        statut,
        'synthetique_' || stratification as methode,
        qualite,
        motif,
        '{{ experimental }} : des taux nationaux par strate, appliqués à la structure du '
        || 'quartier ; la valeur est le bas de l''enveloppe. '
        || 'Ne montre aucun progrès local. {{ besoin }}' as avertissement,
        periode as millesime_numerateur,
        annee_taux as millesime_denominateur
    from {{ ref('int_non_recours__enveloppe') }}
    union all by name
    select
        'nrc_couv_rsa' as code_indicateur,
        code_territoire,
        zonage,
        periode,
        if(couverture is not null, beneficiaires, null) as numerateur,
        if(couverture is not null, pauvres, null) as denominateur,
        couverture as valeur,
        statut,
        methode,
        qualite,
        '{{ experimental }} : couverture apparente, '
        || case methode
            when 'couverture_personnes' then 'personnes au RSA pour une personne pauvre. '
            when 'couverture_foyers_menages' then 'foyers au RSA pour un ménage pauvre. '
            when 'couverture_foyers_habitants'
                then 'foyers au RSA pour une personne pauvre, dont le niveau ne se lit pas. '
        end
        || 'Les pauvres ne sont pas ceux qui ont droit. {{ besoin }}' as avertissement,
        periode as millesime_numerateur,
        annee_pauvrete as millesime_denominateur
    from {{ ref('int_non_recours__couverture_apparente') }}
    union all by name
    select
        'nrc_besoin_cr' as code_indicateur,
        code_territoire,
        zonage,
        periode,
        -- À la dizaine : le nombre exact et ses bornes rendraient les effectifs reçus.
        if(statut = 'estime', round(estimation, -1), null) as valeur,
        if(statut = 'estime', round(borne_basse, -1), null) as borne_basse,
        if(statut = 'estime', round(borne_haute, -1), null) as borne_haute,
        statut,
        'capture_recapture' as methode,
        'C' as qualite,
        motif,
        '{{ experimental }} : personnes repérables par deux opérateurs, qu''elles aient droit ou '
        || 'non à une prestation.' as avertissement,
        periode as millesime_numerateur
    from {{ ref('int_non_recours__capture_recapture') }}
    where retenu
    union all by name
    select
        'nrc_conversion' as code_indicateur,
        code_territoire,
        zonage,
        periode,
        if(masque, null, ouverts) as numerateur,
        if(masque, null, contactes) as denominateur,
        if(masque, null, conversion_pct) as valeur,
        case
            when masque then 'secret'
            when contactes = 0 then 'sans_objet'
            else 'observe'
        end as statut,
        'retours_caf' as methode,
        'B' as qualite,
        '{{ experimental }} : comptes de campagnes de la CAF, sans intervalle, qui ne disent rien '
        || 'des personnes que la CAF ne connaît pas.' as avertissement,
        periode as millesime_numerateur,
        periode as millesime_denominateur
    from {{ ref('int_non_recours__conversion') }}
    union all by name
    select
        'rel_taux_renoncement' as code_indicateur,
        code_territoire,
        zonage,
        periode,
        if(statut = 'estime', renoncement_pct, null) as valeur,
        if(statut = 'estime', borne_basse, null) as borne_basse,
        if(statut = 'estime', borne_haute, null) as borne_haute,
        statut,
        'enquete_ponderee' as methode,
        'C' as qualite,
        motif,
        '{{ experimental }} : réponses de toute l''enquête, pondérées par l''âge et le diplôme du '
        || 'territoire ; ne décrit pas un petit quartier.' as avertissement,
        periode as millesime_numerateur,
        periode as millesime_denominateur
    from {{ ref('int_non_recours__renoncement') }}
    where retenu
),

chargements as (
    select
        code_indicateur,
        code_territoire,
        zonage,
        periode,
        list(distinct load_id order by load_id) as load_ids
    from {{ ref('int_non_recours__cellules') }}
    group by all
)

select
    estimations.code_indicateur,
    estimations.code_territoire,
    estimations.zonage,
    estimations.periode,
    estimations.numerateur,
    estimations.denominateur,
    estimations.valeur,
    estimations.borne_basse,
    estimations.borne_haute,
    estimations.statut,
    estimations.methode,
    -- Sans valeur, aucune qualité à noter.
    if(estimations.valeur is not null, estimations.qualite, null) as qualite,
    estimations.motif,
    estimations.avertissement,
    estimations.millesime_numerateur,
    estimations.millesime_denominateur,
    coalesce(chargements.load_ids, []) as load_ids
from estimations
left join chargements
    on
        estimations.code_indicateur = chargements.code_indicateur
        and estimations.code_territoire = chargements.code_territoire
        and estimations.zonage = chargements.zonage
        and estimations.periode = chargements.periode
