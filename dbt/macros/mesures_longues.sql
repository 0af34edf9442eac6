{# Une ligne reçue devient une ligne par mesure, datée et munie de son statut par le contrat.
   Une mesure ajoutée au contrat arrive donc sans SQL : les colonnes sont lues à l'exécution. #}
{% macro mesures_longues(dataset) %}
with cellules as (
    select *
    from (
        select
            _load_id,
            _row_number,
            _millesime,
            code_territoire,
            cast(columns(* exclude (_load_id, _row_number, _millesime, code_territoire)) as varchar)
        from {{ source('raw', dataset | replace('.', '__')) }}
    )
    unpivot include nulls (
        texte for colonne in (
            columns(* exclude (_load_id, _row_number, _millesime, code_territoire))
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
    case
        when cellules.texte is not null then 'observe'
        else coalesce(mesures.statuts_note[notes.texte], mesures.statut_vide)
    end as statut,
    mesures.unite,
    mesures.colonne_source,
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
left join cellules as notes
    on
        mesures.colonne_note = notes.colonne
        and cellules._load_id = notes._load_id
        and cellules._row_number = notes._row_number
{% endmacro %}
