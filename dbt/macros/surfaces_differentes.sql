{# Vrai si deux surfaces (m²) diffèrent de plus d'un mètre carré et de plus d'un millième. #}
{% macro surfaces_differentes(calcul, controle) -%}
    abs({{ calcul }} - {{ controle }}) > greatest(1, {{ controle }} / 1000)
{%- endmacro %}
