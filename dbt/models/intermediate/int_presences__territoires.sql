-- Les territoires de l'agglomération que chaque édition porte : ceux dont une mesure est publiée,
-- et ceux que listes et contours contiennent. Un jeu par IRIS se compte en communes.
with presences as (
    select
        dataset,
        millesime,
        zonage,
        code_territoire
    from {{ ref('int_mesures__longues') }}
    where valeur is not null
{% for jeu, zonage in [
    ('insee.liste_qpv2015', 'QPV2015'), ('insee.liste_qpv2024', 'QPV2024'),
    ('insee.communes', 'COMMUNE'), ('insee.iris', 'IRIS'),
    ('insee.composition_epci', 'COMMUNE'), ('insee.bpe', 'IRIS'),
    ('insee.caf_iris_ancien', 'IRIS'), ('insee.revenus_iris_ancien', 'IRIS'),
    ('caf.prestations_qf_communes', 'COMMUNE'), ('geo.qpv_2015', 'QPV2015'),
    ('geo.qpv_2024', 'QPV2024'), ('geo.communes', 'COMMUNE'), ('geo.iris', 'IRIS')
] %}
        union all
        select
            '{{ jeu }}' as dataset,
            millesime,
            '{{ zonage }}' as zonage,
            code_territoire
        from {{ ref('stg_' ~ jeu | replace('.', '__')) }}
    {% endfor %}
)

select distinct
    dataset,
    millesime,
    zonage,
    case zonage
        when 'IRIS' then left(code_territoire, 5)
        -- L'agglomération a changé de code et de périmètre : l'un ou l'autre la couvre.
        when 'EPCI' then '{{ var("code_epci") }}'
        else code_territoire
    end as unite
from presences
