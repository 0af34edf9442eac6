-- Ce que font ensemble les lignes d'un fichier dont le producteur donne aussi le total : tous les
-- quartiers du fichier, et pas seulement ceux que l'observatoire suit.
{% set lignage = '_load_id, _row_number, _millesime, _marques, code_territoire' %}
with cellules as (
    {% for jeu in [
        'insee.demo_qpv', 'insee.revn_qpv', 'insee.ipro_qpv', 'insee.teco_qpv', 'insee.educ_qpv'
    ] %}
        {% if not loop.first %}
            union all
        {% endif %}
        select
            '{{ jeu }}' as dataset,
            _load_id as load_id,
            colonne as mesure,
            try_cast(texte as double) as valeur
        from (
            select
                _load_id,
                cast(columns(* exclude ({{ lignage }})) as varchar)
            from {{ source('raw', jeu | replace('.', '__')) }}
        ) unpivot include nulls (
            texte for colonne in (columns(* exclude (_load_id)))
        )
    {% endfor %}
)

select
    dataset,
    load_id,
    mesure,
    sum(valeur) as somme,
    max(valeur) as plus_grande,
    count(*) as lignes,
    count(*) filter (where valeur is null) as lignes_vides
from cellules
group by all
