-- Toutes les mesures des territoires observés : une ligne ici par jeu dont chaque ligne est un
-- territoire et chaque colonne une mesure.
{% for jeu in [
    'insee__demo_qpv', 'insee__revn_qpv', 'insee__ipro_qpv', 'insee__filosofi_qpv',
    'insee__recensement_qpv', 'insee__filosofi_iris', 'insee__filosofi_communes',
    'insee__filosofi_epci', 'insee__filosofi_departements', 'insee__filosofi_regions',
    'insee__filosofi_france', 'insee__teco_qpv', 'insee__educ_qpv',
    'insee__recensement_iris_population', 'caf__allocataires_iris'
] %}
    {% if not loop.first %}
        union all by name
    {% endif %}
    select * from {{ ref('stg_' ~ jeu) }}
{% endfor %}
