{# Les valeurs d'une cellule qui en contient plusieurs : « a, b » dans un classeur, « ["a", "b"] » en
   JSON. #}
{% macro liste_de(cellule) -%}
    case
        when {{ cellule }} like '[%' then from_json({{ cellule }}, '["VARCHAR"]')
        else regexp_split_to_array(trim({{ cellule }}), '[[:space:]]*,[[:space:]]*')
    end
{%- endmacro %}
