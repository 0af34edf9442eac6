-- Les territoires que l'observatoire suit : ceux de la graine, et les IRIS de leurs communes.
with iris as (
    select
        iris.code_territoire,
        'IRIS' as zonage,
        'iris' as niveau,
        iris.libelle as nom,
        communes.code_commune,
        communes.nom_commune,
        communes.code_epci,
        'Insee, référentiel des IRIS ' || iris.millesime as source  -- noqa: RF04
    from {{ ref('stg_insee__iris') }} as iris
    inner join {{ ref('territoires') }} as communes
        on iris.code_commune = communes.code_territoire and communes.zonage = 'COMMUNE'
    -- Le dernier référentiel fait foi.
    qualify row_number() over (
        partition by iris.code_territoire
        order by iris.millesime desc
    ) = 1
)

select * from {{ ref('territoires') }}
union all by name
select * from iris
