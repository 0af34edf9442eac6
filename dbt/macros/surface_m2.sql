{# Surface d'une géométrie en longitude et latitude, dans la projection légale de la métropole. #}
{% macro surface_m2(geometrie) -%}
    st_area(st_transform({{ geometrie }}, 'OGC:CRS84', 'EPSG:2154'))
{%- endmacro %}
