-- Toutes les cellules d'où viennent les estimations : chacune mène à un fichier et à une ligne.
select * from {{ ref('int_non_recours__cellules_publiees') }}
union all by name
select * from {{ ref('int_non_recours__cellules_deposees') }}
