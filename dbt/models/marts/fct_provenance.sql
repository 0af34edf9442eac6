-- De la valeur publiée au fichier, à son empreinte et à sa ligne.
with roles as (
    select
        *,
        'numerateur' as role
    from {{ ref('int_indicateurs__calcules') }}
    union all
    select
        *,
        'denominateur' as role
    from {{ ref('int_indicateurs__calcules') }}
    where load_id_denominateur is not null
),

fichiers as (
    select
        roles.code_indicateur,
        roles.code_territoire,
        roles.zonage,
        roles.periode,
        roles.role,
        datasets.producteur as source,  -- noqa: RF04
        datasets.licence,
        mesures.dataset,
        mesures.millesime as edition,
        mesures.mesure,
        mesures.annee,
        mesures.annee_deduite,
        mesures.colonne_source,
        mesures.valeur,
        loads.load_id,
        loads.fichier,
        loads.sha256,
        mesures.ligne
    from roles
    inner join {{ ref('catalogue_indicateurs') }} as catalogue
        on roles.code_indicateur = catalogue.code_indicateur
    inner join {{ ref('int_mesures__longues') }} as mesures
        on
            roles.dataset = mesures.dataset
            and roles.edition = mesures.millesime
            and roles.zonage = mesures.zonage
            and roles.code_territoire = mesures.code_territoire
            and mesures.mesure = if(
                roles.role = 'numerateur',
                catalogue.mesure_numerateur,
                catalogue.mesure_denominateur
            )
    inner join {{ source('audit', 'loads') }} as loads
        on mesures.load_id = loads.load_id
    inner join {{ source('audit', 'datasets') }} as datasets
        on mesures.dataset = datasets.dataset
),

citations as (
    select
        cites.code_indicateur,
        cites.code_territoire,
        cites.zonage,
        cites.periode,
        'citation' as role,
        'Rapport du groupe de travail « Accès au droit et au service public », 05/07/2022, p. '
        || rapport.page || ', imprimé « ' || rapport.texte_imprime || ' »' as source,  -- noqa: RF04
        cites.valeur
    from {{ ref('int_indicateurs__cites') }} as cites
    inner join {{ ref('chiffres_rapport') }} as rapport
        on
            cites.code_indicateur = rapport.code_indicateur
            and cites.code_territoire = rapport.code_territoire
            and cites.zonage = rapport.zonage
            and cites.periode = rapport.periode
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
    load_id,
    fichier,
    sha256,
    ligne
from (
    select * from fichiers
    union all by name
    select * from citations
) as toutes
