{# Le rapport de 2022, cité à une page. #}
{% macro page_du_rapport(page) -%}
'Rapport du groupe de travail « Accès au droit et au service public », 05/07/2022, p. ' || {{ page }}
{%- endmacro %}
