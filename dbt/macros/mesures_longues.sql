{# Une ligne reçue devient une ligne par mesure, datée et munie de son statut par le contrat.
   Une mesure ajoutée au contrat arrive donc sans SQL : les colonnes sont lues à l'exécution.
   Seuls les territoires observés sont dépliés, la France entière reste dans raw ; `partout` est
   pour les jeux qui n'en ont aucun. #}
{% macro mesures_longues(dataset, partout=false) %}
with lignes as (
    select recues.*
    from {{ source('raw', dataset | replace('.', '__')) }} as recues
    {% if not partout %}
    semi join {{ ref('int_territoires__observes') }} as territoires
        on
            recues.code_territoire = territoires.code_territoire
            and territoires.zonage = (
                select zonage
                from {{ source('audit', 'datasets') }}
                where dataset = '{{ dataset }}'
            )
    {% endif %}
),

cellules as (
    select *
    from (
        select
            _load_id,
            _row_number,
            _millesime,
            _marques,
            code_territoire,
            cast(columns(
                * exclude (_load_id, _row_number, _millesime, _marques, code_territoire)
            ) as varchar)
        from lignes
    )
    unpivot include nulls (
        texte for colonne in (
            columns(* exclude (_load_id, _row_number, _millesime, _marques, code_territoire))
        )
    )
)

select
    mesures.dataset,
    mesures.millesime,
    datasets.zonage,
    cellules.code_territoire,
    mesures.mesure,
    mesures.annee,
    mesures.annee_deduite,
    cast(cellules.texte as double) as valeur,
    -- Un nombre arrondi par le producteur garde ses bornes : 0 veut dire « de 0 à 2 ».
    case
        when cellules.texte is not null and mesures.arrondi_a is not null
            then greatest(0, cast(cellules.texte as double) - mesures.arrondi_a // 2)
    end as valeur_basse,
    case
        when mesures.arrondi_a is not null
            then cast(cellules.texte as double) + mesures.arrondi_a // 2
    end as valeur_haute,
    case
        when cellules.texte is not null and mesures.arrondi_a is not null then 'arrondi'
        when cellules.texte is not null then 'observe'
        else coalesce(
            cellules._marques ->> mesures.mesure,
            mesures.statuts_note[notes.texte],
            mesures.statut_vide
        )
    end as statut,
    mesures.unite,
    mesures.additive,
    mesures.comparable_depuis,
    mesures.geographie,
    mesures.provisoire,
    noms.colonne_source,
    cellules._load_id as load_id,
    cellules._row_number as ligne
from cellules
inner join {{ source('audit', 'mesures') }} as mesures
    on
        mesures.dataset = '{{ dataset }}'
        and cellules._millesime = mesures.millesime
        and cellules.colonne = mesures.mesure
inner join {{ source('audit', 'datasets') }} as datasets
    on mesures.dataset = datasets.dataset
left join {{ source('audit', 'colonnes') }} as noms
    on cellules._load_id = noms.load_id and mesures.mesure = noms.colonne
left join cellules as notes
    on
        mesures.colonne_note = notes.colonne
        and cellules._load_id = notes._load_id
        and cellules._row_number = notes._row_number
{% endmacro %}
