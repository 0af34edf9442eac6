{# Les colonnes d'un indicateur dans la table large : sa valeur, puis ce qu'il faut pour la lire. #}
{% macro colonnes_indicateur(code) -%}
    {%- for suffixe, colonne in [
        ('', 'valeur'), ('_statut', 'statut'), ('_origine', 'origine'), ('_periode', 'periode'),
        ('_ecart_epci', 'ecart_epci'), ('_ratio_epci', 'ratio_epci'),
        ('_epci', 'valeur_epci'), ('_periode_epci', 'periode_epci'),
        ('_millesimes_differents', 'millesimes_differents'),
        ('_recente', 'valeur_recente'), ('_recente_periode', 'periode_recente')
    ] %}
    any_value(retenues.{{ colonne }}) filter (
        where retenues.code_indicateur = '{{ code }}'
    ) as {{ code }}{{ suffixe }}
    {%- if not loop.last %},{% endif %}
    {%- endfor %}
{%- endmacro %}
