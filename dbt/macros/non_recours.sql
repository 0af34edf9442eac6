{# Formules de la mesure du non-recours ; les fiches de docs/fr/methodes/ en disent les limites. #}

{# Taux publié t = NR / (R + NR) : pour R bénéficiaires, R × t / (1 - t) non-recourants. #}
{% macro non_recourants(beneficiaires, taux) -%}
    ({{ beneficiaires }}) * ({{ taux }}) / (1 - ({{ taux }}))
{%- endmacro %}

{# Chapman (1951) : (n1 + 1)(n2 + 1) / (m + 1) - 1. #}
{% macro chapman(n1, n2, m) -%}
    ({{ n1 }} + 1.0) * ({{ n2 }} + 1) / ({{ m }} + 1) - 1
{%- endmacro %}

{# Seber (1970) : (n1 + 1)(n2 + 1)(n1 - m)(n2 - m) / ((m + 1)² (m + 2)). #}
{% macro chapman_variance(n1, n2, m) -%}
    ({{ n1 }} + 1.0) * ({{ n2 }} + 1) * ({{ n1 }} - {{ m }}) * ({{ n2 }} - {{ m }})
    / (pow({{ m }} + 1, 2) * ({{ m }} + 2))
{%- endmacro %}

{# Wilson (1927), au seuil de 95 %, en % ; p est une proportion, n un effectif, signe -1 ou 1.
   Sans l'un ou l'autre, rien : least et greatest passeraient sur ce qui est vide. #}
{% macro wilson_pct(p, n, signe) -%}
    case
        when {{ n }} > 0 and {{ p }} is not null
            then 100 * least(1, greatest(0, (
                {{ p }} + 1.96 * 1.96 / (2 * {{ n }})
                + ({{ signe }}) * 1.96 * sqrt(
                    {{ p }} * (1 - {{ p }}) / {{ n }} + 1.96 * 1.96 / (4 * {{ n }} * {{ n }})
                )
            ) / (1 + 1.96 * 1.96 / {{ n }})))
    end
{%- endmacro %}

{# Un nombre entre 0 et 1, exclus, le même à chaque fois pour une même clé. #}
{% macro hasard(cle) -%}
    (cast(md5_number_upper('{{ var("graine_tirages") }}/' || {{ cle }}) as double) + 0.5)
    / 18446744073709551616.0
{%- endmacro %}

{# Box et Muller (1958) : deux nombres uniformes en font un de loi normale centrée réduite. #}
{% macro hasard_normal(cle) -%}
    sqrt(-2 * ln({{ hasard(cle ~ " || '/a'") }})) * cos(2 * pi() * {{ hasard(cle ~ " || '/b'") }})
{%- endmacro %}
