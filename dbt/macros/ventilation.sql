{# Quelle colonne détaille la ligne d'un « grouping sets » : une seule à la fois, ou aucune. #}
{% macro ventilation(colonnes) -%}
    case
        {%- for colonne in colonnes %}
        when grouping({{ colonne }}) = 0 then '{{ colonne }}'
        {%- endfor %}
        else 'ensemble'
    end
{%- endmacro %}
