{# Les plages d'un texte d'horaires (« 9:00-12:00 »), ou rien si tout ne s'en lit pas. N'est lue
   qu'une suite de plages « début - fin », séparées par une barre oblique, une virgule, « et » ou un
   espace : rien n'est deviné. #}
{% macro plages_horaires(texte) -%}
{%- set espaces = "regexp_replace(trim(" ~ texte ~ "), '[[:space:]]+', ' ', 'g')" -%}
{%- set heures = "regexp_replace(" ~ espaces ~ ", '(\\d{1,2}) ?[:h] ?(\\d{2})', '\\1:\\2', 'g')" -%}
{%- set net = "regexp_replace(" ~ heures ~ ", ' ?[-–] ?', '-', 'g')" -%}
{%- set plage = "\\d{1,2}:[0-5]\\d-\\d{1,2}:[0-5]\\d" -%}
    case
        when regexp_full_match({{ net }}, '{{ plage }}(( ?[/,] ?| et | ){{ plage }})*')
            then regexp_extract_all({{ net }}, '{{ plage }}')
    end
{%- endmacro %}

{# Minutes depuis minuit : « 9:30 » donne 570. #}
{% macro minutes_de(heure) -%}
    cast(split_part({{ heure }}, ':', 1) as integer) * 60
    + cast(split_part({{ heure }}, ':', 2) as integer)
{%- endmacro %}
