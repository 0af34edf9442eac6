{# Deux graphies d'un même nom ont la même clé : ni casse, ni accents, ni ponctuation. #}
{% macro cle_libelle(colonne) -%}
    trim(regexp_replace(lower(strip_accents({{ colonne }})), '[^a-z0-9]+', ' ', 'g'))
{%- endmacro %}
