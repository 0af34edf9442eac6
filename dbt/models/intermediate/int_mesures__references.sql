-- La ligne « Ensemble » des producteurs, gardée en quarantaine comme contrôle, rendue mesure à
-- mesure sous la forme de int_mesures__longues : ce à quoi un quartier se compare dans le pays.
with lignes as (
{% for jeu in [
    'insee.demo_qpv', 'insee.revn_qpv', 'insee.ipro_qpv', 'insee.filosofi_qpv',
    'insee.teco_qpv', 'insee.educ_qpv'
] %}
        {% if not loop.first %}
            union all
        {% endif %}
        select
            '{{ jeu }}' as dataset,
            _load_id,
            _row_number,
            _millesime,
            ligne as cellules
        from {{ source('quarantine', jeu | replace('.', '__')) }}
        where regle = 'ligne_de_controle'
    {% endfor %}
),

-- Une ligne par cellule, sous le nom de colonne que le fichier lui donne.
cellules as (
    select
        lignes.dataset,
        lignes._load_id,
        lignes._row_number,
        lignes._millesime,
        noms.colonne as mesure,
        noms.colonne_source,
        {{ nombre_ecrit("recues.value ->> '$'") }} as valeur
    from lignes, json_each(lignes.cellules) as recues  -- noqa: AL05
    inner join {{ source('audit', 'colonnes') }} as noms
        on lignes._load_id = noms.load_id and noms.colonne_source = trim(recues.key)
)

select
    mesures.dataset,
    mesures.millesime,
    'QPV_FRANCE' as zonage,
    'QPV2015' as code_territoire,
    mesures.mesure,
    mesures.annee,
    mesures.annee_deduite,
    cellules.valeur,
    -- Un total est arrondi à la centaine par le producteur : celui qui ne l'est pas est exact.
    case when mesures.additive and cellules.valeur % 100 = 0 then cellules.valeur - 50 end
        as valeur_basse,
    case when mesures.additive and cellules.valeur % 100 = 0 then cellules.valeur + 50 end
        as valeur_haute,
    case
        when cellules.valeur is null then 'non_disponible'
        when mesures.additive and cellules.valeur % 100 = 0 then 'arrondi'
        else 'observe'
    end as statut,
    mesures.unite,
    mesures.additive,
    mesures.comparable_depuis,
    mesures.geographie,
    mesures.provisoire,
    cellules.colonne_source,
    cellules._load_id as load_id,
    cellules._row_number as ligne
from cellules
inner join {{ source('audit', 'mesures') }} as mesures
    on
        cellules.dataset = mesures.dataset
        and cellules._millesime = mesures.millesime
        and cellules.mesure = mesures.mesure
