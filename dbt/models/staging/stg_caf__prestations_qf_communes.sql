-- Une ligne par mesure, avec les bornes que l'arrondi laisse : 0 veut dire « de 0 à 2 ».
with lignes as (
    -- Les extraits se recouvrent : une ligne de la Caf avant une ligne ajoutée, puis l'extrait qui
    -- va le plus loin, puis le dernier reçu.
    select *
    from {{ source('raw', 'caf__prestations_qf_communes') }}
    qualify row_number() over (
        partition by mois, code_territoire, quotient_familial
        order by
            nom_commune is null asc,
            right(_millesime, 4) desc,
            _load_id desc,
            _row_number asc
    ) = 1
),

cellules as (
    select *
    from lignes
    unpivot include nulls (
        nombre for mesure in (columns(* exclude (
            _load_id, _row_number, _millesime, _marques,
            mois, code_territoire, quotient_familial, nom_commune
        )))
    )
),

publiees as (
    -- Sans nom de commune, la ligne n'est pas de la Caf : ses zéros ne disent rien.
    select
        *,
        if(nom_commune is null, null, nombre) as valeur
    from cellules
)

select
    contrat.dataset,
    publiees._millesime as millesime,
    datasets.zonage,
    publiees.code_territoire,
    publiees.quotient_familial,
    publiees.mois as periode,
    publiees.mesure,
    publiees.valeur,
    case
        when publiees.valeur is not null
            then greatest(0, publiees.valeur - contrat.arrondi_a // 2)
    end as valeur_basse,
    publiees.valeur + contrat.arrondi_a // 2 as valeur_haute,
    if(publiees.valeur is null, contrat.statut_vide, 'arrondi') as statut,
    contrat.unite,
    contrat.additive,
    publiees._load_id as load_id,
    publiees._row_number as ligne
from publiees
inner join {{ source('audit', 'mesures') }} as contrat
    on
        contrat.dataset = 'caf.prestations_qf_communes'
        and publiees._millesime = contrat.millesime
        and publiees.mesure = contrat.mesure
inner join {{ source('audit', 'datasets') }} as datasets
    on contrat.dataset = datasets.dataset
