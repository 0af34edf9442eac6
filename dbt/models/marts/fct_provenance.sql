-- De la valeur publiée au fichier, à son empreinte et à sa ligne.
with roles as (
    select
        * exclude (dataset_denominateur, edition_denominateur),
        'numerateur' as role,
        mesure_numerateur as mesure
    from {{ ref('int_indicateurs__calcules') }}
    union all by name
    select
        * exclude (dataset, edition, dataset_denominateur, edition_denominateur),
        dataset_denominateur as dataset,
        edition_denominateur as edition,
        'denominateur' as role,
        mesure_denominateur as mesure
    from {{ ref('int_indicateurs__calcules') }}
    where dataset_denominateur is not null
),

-- Un compte d'opérateur réunit plusieurs lignes : il nomme ses fichiers.
cellules as (
    select * from {{ ref('int_mesures__longues') }}
    union all by name
    select * from {{ ref('int_mesures__populations_communes') }}
    union all by name
    select * from {{ ref('int_mesures__cellules') }}
    union all by name
    select
        * exclude (load_id, load_ids),
        unnest(load_ids) as load_id
    from {{ ref('int_mesures__toutes') }}
    where dataset in ('operateurs', 'offre')
),

origines as (
    select
        roles.code_indicateur,
        roles.code_territoire,
        roles.zonage,
        roles.periode,
        roles.role,
        cellules.mesure,
        cellules.annee,
        cellules.annee_deduite,
        cellules.colonne_source,
        cellules.valeur,
        cellules.zonage_source,
        cellules.code_source,
        cellules.poids,
        cellules.load_id,
        cellules.ligne
    from roles
    inner join cellules
        on
            roles.dataset = cellules.dataset
            and roles.edition = cellules.millesime
            and roles.zonage = cellules.zonage
            and roles.code_territoire = cellules.code_territoire
            and roles.mesure = cellules.mesure
    union all by name
    select * exclude (dataset, edition) from {{ ref('int_non_recours__cellules') }}
),

fichiers as (
    select
        origines.*,
        datasets.producteur as source,  -- noqa: RF04
        datasets.licence,
        loads.dataset,
        loads.millesime as edition,
        loads.fichier,
        loads.sha256
    from origines
    inner join {{ source('audit', 'loads') }} as loads
        on origines.load_id = loads.load_id
    inner join {{ source('audit', 'datasets') }} as datasets
        on loads.dataset = datasets.dataset
),

citations as (
    select
        cites.code_indicateur,
        cites.code_territoire,
        cites.zonage,
        cites.periode,
        {{ page_du_rapport('rapport.page') }}
        || ', imprimé « ' || rapport.texte_imprime || ' »' as source,  -- noqa: RF04
        cites.valeur
    from {{ ref('int_indicateurs__cites') }} as cites
    inner join {{ ref('chiffres_rapport') }} as rapport
        on
            cites.code_indicateur = rapport.code_indicateur
            and cites.code_territoire = rapport.code_territoire
            and cites.zonage = rapport.zonage
            and cites.periode = rapport.periode
    union all by name
    -- Compté dans la matrice du rapport.
    select
        code_indicateur,
        code_territoire,
        zonage,
        periode,
        {{ page_du_rapport("'5'") }} || ', matrice de l''offre' as source,  -- noqa: RF04
        numerateur as valeur
    from {{ ref('int_indicateurs__calcules') }}
    where origine = 'derive'
)

select
    code_indicateur,
    code_territoire,
    zonage,
    periode,
    role,
    source,  -- noqa: RF04
    licence,
    dataset,
    edition,
    mesure,
    annee,
    annee_deduite,
    colonne_source,
    valeur,
    zonage_source,
    code_source,
    poids,
    load_id,
    fichier,
    sha256,
    ligne
from (
    select * from fichiers
    union all by name
    select
        *,
        'citation' as role
    from citations
) as toutes
