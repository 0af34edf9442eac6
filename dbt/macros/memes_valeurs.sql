{# Deux lignes ont les mêmes valeurs de ces colonnes, fussent-elles vides. #}
{% macro memes_valeurs(gauche, droite, colonnes) -%}
    {% for colonne in colonnes.split(', ') -%}
        {{ gauche }}.{{ colonne }} is not distinct from {{ droite }}.{{ colonne }}
        {{- ' and ' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
