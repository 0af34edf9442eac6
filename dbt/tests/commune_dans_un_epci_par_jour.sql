-- Aucune commune n'est dans deux intercommunalités le même jour.
select
    avant.code_commune,
    avant.code_epci,
    apres.code_epci as autre_epci
from {{ ref('communes_epci') }} as avant
inner join {{ ref('communes_epci') }} as apres
    on
        avant.code_commune = apres.code_commune
        and avant.code_epci < apres.code_epci
        and coalesce(avant.valide_du, date '0001-01-01')
        <= coalesce(apres.valide_au, date '9999-12-31')
        and coalesce(apres.valide_du, date '0001-01-01')
        <= coalesce(avant.valide_au, date '9999-12-31')
