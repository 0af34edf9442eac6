-- Un indicateur est une ligne du catalogue : un numérateur, un dénominateur, un facteur.
-- Numérateur et dénominateur viennent de la même édition du même fichier.
with mesures as (
    select longues.*
    from {{ ref('int_mesures__longues') }} as longues
    inner join {{ ref('territoires') }} as territoires
        on
            longues.code_territoire = territoires.code_territoire
            and longues.zonage = territoires.zonage
),

rapportes as (
    select
        catalogue.code_indicateur,
        num.code_territoire,
        num.zonage,
        num.annee as periode,
        num.annee as millesime_numerateur,
        den.annee as millesime_denominateur,
        num.dataset,
        num.millesime as edition,
        num.geographie,
        coalesce(num.provisoire, false) or coalesce(den.provisoire, false) as provisoire,
        greatest(num.comparable_depuis, den.comparable_depuis) as comparable_depuis,
        num.load_id as load_id_numerateur,
        den.load_id as load_id_denominateur,
        case when catalogue.mesure_denominateur is not null then num.valeur end as numerateur,
        den.valeur as denominateur,
        catalogue.facteur * num.valeur
        / case when catalogue.mesure_denominateur is null then 1 else nullif(den.valeur, 0) end
            as valeur,
        case
            when num.statut <> 'observe' then num.statut
            when den.statut <> 'observe' then den.statut
            when den.valeur = 0 then 'sans_objet'
            else 'observe'
        end as statut,
        if(catalogue.mesure_denominateur is null, 'publie', 'calcule') as origine
    from {{ ref('catalogue_indicateurs') }} as catalogue
    inner join mesures as num
        on catalogue.mesure_numerateur = num.mesure
    left join mesures as den
        on
            catalogue.mesure_denominateur = den.mesure
            and num.dataset = den.dataset
            and num.millesime = den.millesime
            and num.zonage = den.zonage
            and num.code_territoire = den.code_territoire
    where catalogue.mesure_denominateur is null or den.mesure is not null
)

-- Plusieurs éditions peuvent parler de la même année : la dernière parue fait foi.
select *
from rapportes
qualify row_number() over (
    partition by code_indicateur, code_territoire, zonage, periode
    order by edition desc, dataset asc
) = 1
