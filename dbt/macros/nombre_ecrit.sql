{# Le nombre qu'écrit une cellule reçue : espaces (insécables ou fines) par groupes de trois chiffres,
   virgule décimale. Vide si la cellule n'est pas un nombre : rien n'est deviné. #}
{% macro nombre_ecrit(cellule) -%}
    {%- set net = "regexp_replace(trim(" ~ cellule ~ "), '[\\x{00A0}\\x{202F}]', ' ', 'g')" -%}
    case
        when regexp_full_match({{ net }}, '-?(\d+|\d{1,3}( \d{3})+)(,\d+)?')
            then cast(replace(replace({{ net }}, ' ', ''), ',', '.') as double)
    end
{%- endmacro %}
